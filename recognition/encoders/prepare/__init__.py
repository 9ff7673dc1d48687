"""Download, assemble and export encoders, before they serve."""
