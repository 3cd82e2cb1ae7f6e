"""The demo company: who works there, who asks, and its help centre."""
