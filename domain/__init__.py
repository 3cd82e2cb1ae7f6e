"""What the business means, in the standard library alone."""
