"""What people at work see and send."""
