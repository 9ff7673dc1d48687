"""The calls of the HTTP contract, one module a noun: arguments in, operation out."""
