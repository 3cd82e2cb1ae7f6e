"""What happens later: one thin job a file, and the relay that says which event sets off which."""
