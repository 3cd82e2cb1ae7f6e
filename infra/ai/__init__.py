"""The built-in assistant: what a question wants, what to say of what was found, and when to leave it to a person."""
