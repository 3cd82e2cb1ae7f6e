"""What proves who somebody is: keys, tokens, passwords, codes and providers, and what that is worth."""
