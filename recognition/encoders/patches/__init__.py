"""The encoder of surfaces: what each small patch of a photo looks like, by the bundled trunk."""
