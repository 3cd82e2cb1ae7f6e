"""Which passages fit a question: vectors, words, and what an organization's own knowledge teaches about both."""
