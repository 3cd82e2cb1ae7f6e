"""What happens later at the desk."""
