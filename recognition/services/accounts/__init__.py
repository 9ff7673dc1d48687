"""Who signs in, and how often that may be tried."""
