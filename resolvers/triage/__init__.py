"""What happens when people at work sort conversations and find them."""
