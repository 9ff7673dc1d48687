"""The recognition service of CompreFace's REST API, over galleries of faces.

Off unless ONESHOT_COMPREFACE is set. It follows CompreFace 1.2's "Face Recognition Service", so
that its published clients work unchanged: a key that is bound to one gallery of faces stands for a
service with its collection, a category for a subject, a reference for an example. It stays out of
the schema of this product's own API.
"""
