"""Archives of images, enrolled in turns."""
