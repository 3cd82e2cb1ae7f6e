"""The root fields about what people are told, and about what goes out."""
