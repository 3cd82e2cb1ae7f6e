"""The organization's prompt: versioned data that says how its assistant answers."""
