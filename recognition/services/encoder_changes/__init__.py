"""Another encoder for a gallery: beside, compared, switched."""
