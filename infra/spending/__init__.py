"""Budgets in Postgres: money is reserved before a model is called, and settled after it."""
