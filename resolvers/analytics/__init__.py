"""The root fields about numbers."""
