"""How conversations come in and go out other than by the chat: by mail, by text message, by whatever calls the API."""
