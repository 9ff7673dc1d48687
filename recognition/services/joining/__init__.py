"""How people come into galleries: by invitation."""
