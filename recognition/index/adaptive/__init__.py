"""An index that takes the kind its size asks for."""
