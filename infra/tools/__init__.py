"""Tools as they are kept, and as they are called."""
