"""What everybody may find: by the words of messages, notes, customers and articles."""
