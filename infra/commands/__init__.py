"""The commands of `parley`, one a file."""
