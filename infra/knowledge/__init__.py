"""Knowledge as it is stored, read and found."""
