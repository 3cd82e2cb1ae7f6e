"""Numbers about conversations: facts, metrics with definitions, and questions about them."""
