"""What agents get beside the conversations: summaries, classes, suggestions and rewriting."""
