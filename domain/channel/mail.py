"""A mail that came in: what is known of it, and what follows from how it looks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_REFERENCES = 50
"""How many earlier mails one may name: the newest count."""
MACHINES = frozenset({"mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply"})
"""Names before the @ under which nobody reads."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address in lower case, and the name that stands beside it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server says of a mail that we sent: for whom it failed, and with which status of RFC 3463.

    `is_final` is False for a delay, after which the server still tries.
    """

    message_id: str | None
    recipient: str | None
    status: str
    explanation: str
    is_final: bool


class Nature(StrEnum):
    """Who writes: a person, or a machine in one of its ways."""

    PERSONAL = "personal"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    BOUNCE = "bounce"


class Authentication(StrEnum):
    """What the receiving mail server found of where a mail comes from."""

    NOT_CHECKED = "not_checked"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMail:
    """A mail as it was read.

    `message_id` is made of its contents where it has none; `references` name earlier mails, the newest last. `text` is
    what its writer added, `original` all of it. `tokens` are what stands behind a plus in the addresses it went to.
    """

    message_id: str
    references: tuple[str, ...]
    sender: Mailbox
    recipients: tuple[Mailbox, ...]
    subject: str
    text: str
    original: str
    nature: Nature
    tokens: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    bounce: Bounce | None = None
    authentication: Authentication = Authentication.NOT_CHECKED

    @property
    def participants(self) -> tuple[str, ...]:
        """Everybody whom it names: who of them writes later is no stranger."""
        return tuple(dict.fromkeys((self.sender.address, *(each.address for each in self.recipients))))


class UnreadableMailError(Exception):
    """These bytes are no mail that can be read; they will not be another time either."""


def is_machine(address: str) -> bool:
    """Whether nobody reads at this address."""
    local = address.partition("@")[0]
    return local in MACHINES or local.startswith(("mailer-daemon", "bounce", "bounces+"))


def subject_of_reply(subject: str) -> str:
    """The subject of an answer: `Re:` once, whatever the other end has made of it."""
    return subject if subject.lower().startswith("re:") else f"Re: {subject}".strip()


def joined(texts: Sequence[str], names: Collection[str]) -> str:
    """A mail's words, with the names of the files that came along."""
    files = [f"[{name}]" for name in names]
    return "\n\n".join(part for part in (*texts, "\n".join(files)) if part)
