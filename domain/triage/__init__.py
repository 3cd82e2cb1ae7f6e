"""How people sort conversations: tags, custom attributes, views, and macros that do several things at once."""
