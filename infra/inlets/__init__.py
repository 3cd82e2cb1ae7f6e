"""How mail and text messages come in: from mailboxes, over SMTP, over HTTP."""
