"""Tags, attributes, views and macros in Postgres, and conversations found by them."""
