"""How processes start: soon, each with what it needs and no more."""
