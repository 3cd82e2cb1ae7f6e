"""Files that people send with what they say."""
