"""The routes by which people and customers sign in, and what their browsers keep."""
