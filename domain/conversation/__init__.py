"""Conversations: their events, their rules, and what people and the assistant do with them."""
