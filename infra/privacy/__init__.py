"""Requests about people's data: where their words are, and how they are taken out or written down."""
