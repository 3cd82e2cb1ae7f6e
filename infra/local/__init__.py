"""A whole Parley on one machine: its servers, and the processes beside them."""
