"""Encoders that run elsewhere, behind the Open Inference Protocol (KServe v2)."""
