"""All SQL of analytics: another store for the same facts is another package with these names."""
