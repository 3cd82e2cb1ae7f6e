"""The widget: how an inbox of the chat shows itself in other sites' pages."""
