"""Webhooks and the replay of what happened, as clients see them."""
