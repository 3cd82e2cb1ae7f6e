"""What happens when people at work ask and act."""
