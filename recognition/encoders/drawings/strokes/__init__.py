"""Classes of drawings, made up from nothing but a seed, and drawn as a hand would: never twice the
same.
"""
