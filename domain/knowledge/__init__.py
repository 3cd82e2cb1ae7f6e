"""Knowledge: the articles that answers come from, where they came from, and how they are imported."""
