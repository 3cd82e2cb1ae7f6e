"""The half of a help desk that people live in: what its parts are made of here."""
