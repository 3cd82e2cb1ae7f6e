"""Surveys: customers are asked how it went, once a matter is settled."""
