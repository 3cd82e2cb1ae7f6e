"""How it is done here: the databases, the models, the wire, and the composition of all of it."""
