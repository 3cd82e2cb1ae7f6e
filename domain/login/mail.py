"""Mail to one person: what it is, who sends it, and the letters that Parley writes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Protocol

from domain.base import FieldProblem, InvalidInputError

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
"""An address as forms in browsers take it (HTML, 'valid e-mail address'): no quotes, comments, spaces or names."""
LONGEST_ADDRESS = 254
LONGEST_SUBJECT = 200
LONGEST_NAME = 60
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter to one address; `InvalidInputError` where that or the subject could mean anything else."""

    to: str
    subject: str
    text: str
    html: str | None = None

    def __post_init__(self) -> None:
        if len(self.to) > LONGEST_ADDRESS or not ADDRESS.fullmatch(self.to):
            raise InvalidInputError(FieldProblem("to", "must be one e-mail address, such as ann@shop.example."))
        if UNPRINTABLE.search(self.subject) or not 0 < len(self.subject) <= LONGEST_SUBJECT:
            raise InvalidInputError(FieldProblem("subject", f"must be one line of at most {LONGEST_SUBJECT} letters."))


class MailDelayedError(Exception):
    """The mail did not go out this time: the server is away, slow, busy or wrongly set. Try again later."""


class MailRefusedError(Exception):
    """The server will never take this mail for this address. Trying again does not help."""


class Mailer(Protocol):
    """Where mail goes out."""

    async def send(self, mail: Mail) -> None:
        """Hand the mail over; raises `MailDelayedError` or `MailRefusedError`.

        Whoever repeats it after the first may send it twice: an answer that gets lost looks like a failure.
        """
        ...


def verification(to: str, *, name: str, link: str, lifetime: timedelta) -> Mail:
    """Asks a person to confirm an address."""
    return _letter(
        to,
        "Confirm your e-mail address",
        [f"Hello {_plain(name)},", "please confirm that this is your e-mail address:"],
        link=("Confirm my address", link),
        after=[
            f"The link works once, for {_span(lifetime)}. If you did not ask for this, do nothing: without your "
            "confirmation nobody can use your address.",
        ],
    )


def password_reset(to: str, *, name: str, link: str, lifetime: timedelta) -> Mail:
    """Lets a person who forgot the password choose a new one."""
    return _letter(
        to,
        "Choose a new password",
        [f"Hello {_plain(name)},", "somebody, probably you, asked for a new password. You can choose it here:"],
        link=("Choose a new password", link),
        after=[
            f"The link works once, for {_span(lifetime)}. If it was not you, do nothing: your password stays as it is.",
        ],
    )


def password_changed(to: str, *, name: str, at: datetime, link: str) -> Mail:
    """Tells a person that the password is another one now; `link` leads to where a new one can be asked for."""
    when = f"on {at.day} {at:%B %Y at %H:%M} ({at.tzname() or 'UTC'})"
    return _letter(
        to,
        "Your password was changed",
        [f"Hello {_plain(name)},", f"your password was changed {when}. If that was you, all is well."],
        link=("It was not me", link),
        after=["If it was not you, use this link to choose a new password at once, and tell your administrator."],
    )


def invitation(to: str, *, organization: str, invited_by: str, link: str, lifetime: timedelta) -> Mail:
    """Invites somebody to an organization."""
    where = _plain(organization)
    return _letter(
        to,
        f"You are invited to {where}",
        ["Hello,", f"{_plain(invited_by)} invites you to work with {where} in Parley:"],
        link=("Accept the invitation", link),
        after=[
            f"The link works once, for {_span(lifetime)}. If you do not know what this is about, do nothing.",
        ],
    )


def customer_code(to: str, *, organization: str, code: str, lifetime: timedelta) -> Mail:
    """Carries the code by which a customer shows that the address is theirs."""
    where = _plain(organization)
    lines = (
        "Hello,",
        f"enter this code in your conversation with {where}:",
        code,
        f"It works once, for {_span(lifetime)}. If you are not speaking with {where} at this moment, do nothing, and "
        "give the code to nobody: whoever asks you for it by telephone or mail is not from there.",
    )
    return Mail(to, f"Your code for {where}", "\n\n".join(lines) + "\n")


def _letter(to: str, subject: str, before: Sequence[str], *, link: tuple[str, str], after: Sequence[str]) -> Mail:
    """The same words as text and as HTML that loads nothing and runs nothing."""
    label, url = link
    text = "\n\n".join((*before, url, *after)) + "\n"
    anchor = f'<a href="{escape(url)}">{escape(label)}</a>'
    lines = (*map(escape, before), anchor, *map(escape, after))
    page = "".join(f"<p>{line}</p>\n" for line in lines)
    return Mail(to, subject, text, f'<!doctype html>\n<html lang="en"><body>\n{page}</body></html>\n')


def _plain(name: str) -> str:
    """A name as one short line that no mail program makes a link of.

    Strangers choose names, and mail in Parley's name must not carry their addresses to others.
    """
    words = re.sub(r"[/\\@:]", " ", UNPRINTABLE.sub(" ", name[: 4 * LONGEST_NAME])).replace(".", ". ").split()
    return " ".join(words)[:LONGEST_NAME].strip() or "there"


def _span(lifetime: timedelta) -> str:
    """Whole days from two on, else whole hours, else minutes."""
    minutes = int(lifetime.total_seconds() // 60)
    for unit, length, least in (("day", 1440, 2), ("hour", 60, 1), ("minute", 1, 0)):
        count = minutes // length
        if count >= least:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "a moment"
