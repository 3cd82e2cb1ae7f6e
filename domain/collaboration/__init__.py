"""What people at work tell each other about a conversation, and what they are about to say in it."""
