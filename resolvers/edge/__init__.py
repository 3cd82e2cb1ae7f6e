"""What stands between strangers and the application: addresses, rates, origins and headers."""
