"""What lies above this layer and is run from here: named, not imported."""

PROGRAMS = {"api": "resolvers.app", "worker": "workers.main"}
"""The modules that run a server and a worker, by what people call them."""

SCHEMA = "resolvers.root:schema"
"""The GraphQL schema."""
