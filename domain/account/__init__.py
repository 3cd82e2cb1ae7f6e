"""Who people are to an organization, and what they may do."""
