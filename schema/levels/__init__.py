"""What clients see of service levels and of rules."""
