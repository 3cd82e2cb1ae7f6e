"""What can be found, and who customers are."""
