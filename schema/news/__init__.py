"""What people are told, and what goes out."""
