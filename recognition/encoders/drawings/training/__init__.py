"""How the drawings encoder's weights are made, from a seed; torch is needed only here."""
