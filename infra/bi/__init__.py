"""SQL logins: users of the database, made and watched over."""
