"""How people at work do not collide: their notes, drafts and signals."""
