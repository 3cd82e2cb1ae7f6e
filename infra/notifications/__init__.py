"""Telling people at work: what is kept of it in Postgres, its words, and how it reaches their browsers."""
