"""What models may cost, and what they have cost."""
