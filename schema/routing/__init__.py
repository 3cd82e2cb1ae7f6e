"""Who gets which conversation, as clients see it."""
