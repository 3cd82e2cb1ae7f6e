"""Prompts as rows."""
