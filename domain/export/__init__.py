"""Data that leaves the house as files: what, in which form, and how far it is."""
