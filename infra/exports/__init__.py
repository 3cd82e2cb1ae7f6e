"""Exports: the rows read from the database by and by, the files written and kept."""
