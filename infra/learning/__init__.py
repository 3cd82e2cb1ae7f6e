"""Curated answers, gaps and rehearsals, on Postgres and beside the assistant."""
