"""The encoder of drawings: characters, signatures, logos and line marks."""
