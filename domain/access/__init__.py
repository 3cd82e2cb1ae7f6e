"""What lets machines, colleagues and customers in: keys, invitations and identities."""
