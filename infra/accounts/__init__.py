"""How people and machines sign in: secrets, passwords, mail, tokens, sessions."""
