"""The same encoders on ONNX Runtime: exported once, checked against torch, run without it."""
