"""Mail and text messages, in and out: servers, providers, and what is kept of them."""
