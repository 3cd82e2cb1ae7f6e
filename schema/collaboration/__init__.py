"""What people at work tell each other, are about to say, and send with it."""
