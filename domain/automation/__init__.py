"""Rules that act by themselves: when something happens, if something is so, then do something."""
