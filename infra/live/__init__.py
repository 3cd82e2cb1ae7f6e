"""What makes things happen now: signals, feeds, replies, and jobs on their way."""
