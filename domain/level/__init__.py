"""Service levels: how soon customers are to be answered, and whether they are."""
