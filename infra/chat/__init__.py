"""`parley chat`: a terminal client over the public API alone."""
