"""The half of a help desk that people live in: inbox, routing, service levels, channels and news."""
