"""Requests about people's data, as clients see and send them."""
