"""Coming and going: sessions, the ways in, links in mail, and what people change about their own."""
