"""What protects the edge: addresses, budgets, origins, and stored documents."""
