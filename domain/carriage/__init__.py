"""How parcels get to where they are to go: when, how often, and what becomes of those that do not arrive."""
