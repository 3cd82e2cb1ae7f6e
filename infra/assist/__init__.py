"""Help for agents, by a language model where there is one, and in a lesser way without."""
