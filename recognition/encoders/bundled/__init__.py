"""The bundled encoder: a dual encoder assembled in closed form from two pretrained models."""
