"""What clients see of numbers."""
