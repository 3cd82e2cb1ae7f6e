"""What people at work are told, by which means, and when."""
