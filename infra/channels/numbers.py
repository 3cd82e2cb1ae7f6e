"""Telephone numbers, as everybody in the world writes them."""

from __future__ import annotations

import phonenumbers

LONGEST = 40


class Numbers:
    """Reads numbers that name their country."""

    def read(self, text: str) -> str | None:
        """The number as E.164 has it; None for what is none, or names no country."""
        if len(text) > LONGEST:
            return None
        try:
            number = phonenumbers.parse(text, None)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_possible_number(number):
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
