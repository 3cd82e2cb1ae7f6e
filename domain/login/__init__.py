"""People, their ways in, and the sessions that follow."""
