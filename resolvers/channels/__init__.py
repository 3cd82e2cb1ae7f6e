"""Channels: their root fields, and the routes by which mail and text messages are brought."""
