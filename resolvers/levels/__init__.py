"""What happens when an operation about service levels or rules runs."""
