"""Faces: found and aligned by dlib, embedded by its network or by another ONNX face model."""
