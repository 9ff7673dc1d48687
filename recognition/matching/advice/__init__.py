"""What a curator is told of a support set: nothing here decides an answer."""
