"""API keys: issued, used, revoked."""
