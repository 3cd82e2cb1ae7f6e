"""Rules in Postgres, and what they do."""
