"""Who customers are: their profile, their addresses, and what people at work do about them."""
