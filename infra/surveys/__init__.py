"""Surveys, as they are kept, linked to and worded here."""
