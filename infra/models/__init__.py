"""Language models, and the assistants that are made with them."""
