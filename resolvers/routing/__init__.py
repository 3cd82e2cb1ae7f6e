"""What happens when people ask who gets which conversation, and decide it."""
