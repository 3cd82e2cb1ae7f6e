"""Customers' addresses and profiles in Postgres."""
