"""Categories and their prompts."""
