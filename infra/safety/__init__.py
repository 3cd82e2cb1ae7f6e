"""What readers are shown: text that is safe, whoever wrote it."""
