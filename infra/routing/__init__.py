"""Routing in Postgres: the queue, the people who work it off, and offers."""
