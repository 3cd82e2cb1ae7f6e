"""Who gets which conversation: the queue, offers, and the people who take them."""
