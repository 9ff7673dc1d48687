"""The calls of version 1 of the HTTP contract, one module a resource."""
