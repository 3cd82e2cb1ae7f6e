"""What people at work see of their inbox: tags, attributes, filters, views and macros."""
