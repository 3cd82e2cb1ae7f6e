"""The root fields about how data leaves the house."""
