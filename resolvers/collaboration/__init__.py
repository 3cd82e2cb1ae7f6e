"""The root fields about notes, drafts, files and signals."""
