"""How data leaves the house, as clients see it: exports and SQL logins."""
