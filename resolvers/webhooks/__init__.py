"""The root fields about webhooks, and what writes what they are told."""
