"""Widgets, as the database has them."""
