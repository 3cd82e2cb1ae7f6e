"""Webhooks in Postgres and over HTTP."""
