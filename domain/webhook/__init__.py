"""Other systems that hear of what happens: which, of what, and how it is sent to them."""
