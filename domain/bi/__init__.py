"""The ways by which other programs read an organization's numbers: exports, and logins for SQL."""
