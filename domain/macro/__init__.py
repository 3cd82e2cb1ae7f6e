"""Macros: texts with variables, and what is done with a conversation along with sending them."""
