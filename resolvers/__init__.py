"""What happens when an operation runs: the root fields, the caller, the loaders and the transports."""
