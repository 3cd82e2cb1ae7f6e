"""From notifications to what goes out: a mail, a text message, or a line on somebody's screen.

None of them holds what a customer wrote: only what happened, and what the conversation is about.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from domain.delivery import Medium, Parcel
from domain.login.mail import UNPRINTABLE
from domain.notification.notification import URGENT, Means, NotificationKind
from domain.notification.ports import Line, Reader
from infra.notifications.links import LeavingLinks
from infra.notifications.wording import Wording, wording_of

LONGEST_SUBJECT = 100
LONGEST_NAME = 60
MOST_LINES = 50
"""How many things one mail lists, each once and how often it happened; of the rest it gives the number."""


class ComposedLetters:
    """Writes in the person's language, in the name of the organization, with links to `address`."""

    def __init__(self, links: LeavingLinks, address: str) -> None:
        self._links = links
        self._address = address.rstrip("/")
        self._host = urlsplit(address).hostname or "localhost"

    def parcels(self, reader: Reader, means: Means, lines: Sequence[Line], organization_id: UUID) -> Sequence[Parcel]:
        """What goes out to a person by one means."""
        words = wording_of(reader.language)
        if means is Means.EMAIL and reader.email:
            content = self._mail(reader, words, lines, organization_id)
            return [_parcel(reader, Medium.EMAIL, lines, ("mail", reader.email), content)]
        if means is Means.SMS and reader.preferences.number:
            text = f"{_plain(reader.organization, LONGEST_NAME)}: {_summary(words, lines)} {self._page(lines)}"
            content = {"text": text, "inbox_id": None}
            return [_parcel(reader, Medium.SMS, lines, ("sms:people", reader.preferences.number), content)]
        if means is Means.PUSH:
            shown = self._push(reader, words, lines)
            return [
                _parcel(reader, Medium.PUSH, lines, (f"push:{browser_id}", str(browser_id)), shown)
                for browser_id in reader.browser_ids
            ]
        return ()

    def _mail(self, reader: Reader, words: Wording, lines: Sequence[Line], organization_id: UUID) -> Mapping[str, Any]:
        kind = _only_kind(lines)
        leave = self._links.link(organization_id, reader.agent_id, kind)
        alike = list(Counter((_sentence(words, line), self._page([line])) for line in lines).items())
        listed = [f"{said}{_often(count)}\n{page}" for (said, page), count in alike[:MOST_LINES]]
        left_out = sum(count for _, count in alike[MOST_LINES:])
        rest = [f"+ {left_out}"] if left_out else []
        last = f"{words.stop if kind else words.stop_all}\n{leave}"
        organization = _plain(reader.organization, LONGEST_NAME)
        return {
            "subject": _plain(f"{organization}: {_summary(words, lines)}", 200),
            "text": "\n\n".join([*listed, *rest, f"-- \n{organization}\n{last}"]) + "\n",
            "html": None,
            "headers": {
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's out-of-office note is to answer it
            },
            "from": None,
            "reply_to": None,
            "message_id": f"<notification.{lines[0].notification.id}@{self._host}>",  # the same in a repeated attempt
            "inbox_id": None,
            "file_ids": [],
        }

    def _push(self, reader: Reader, words: Wording, lines: Sequence[Line]) -> Mapping[str, Any]:
        return {
            "title": _plain(reader.organization, LONGEST_NAME),
            "body": _summary(words, lines),
            "url": self._page(lines),
            "kind": _only_kind(lines),
            "is_urgent": any(line.notification.kind in URGENT for line in lines),
        }

    def _page(self, lines: Sequence[Line]) -> str:
        """Where the app shows it: the conversation, or all notifications."""
        about = {line.notification.conversation_id for line in lines}
        identity = about.pop() if len(about) == 1 else None
        if identity is None:
            return f"{self._address}/notifications"
        node = urlsafe_b64encode(f"Conversation:{identity}".encode()).decode().rstrip("=")
        return f"{self._address}/conversations/{node}"


def _parcel(
    reader: Reader, medium: Medium, lines: Sequence[Line], where: tuple[str, str], content: Mapping[str, Any]
) -> Parcel:
    route, recipient = where
    first = lines[0].notification
    about = {"agent": str(reader.agent_id), "notification": str(first.id)}
    if len({line.notification.conversation_id for line in lines}) == 1 and first.conversation_id:
        about["conversation"] = str(first.conversation_id)
    key = f"notification:{first.id}:{route}"
    return Parcel(key=key, medium=medium, route=route, recipient=recipient, content=content, about=about)


def _summary(words: Wording, lines: Sequence[Line]) -> str:
    """One line for all: what happened, how often if more than once; or how many things did."""
    alike = {(line.notification.kind, line.notification.conversation_id) for line in lines}
    if len(alike) > 1:
        return words.several.format(count=len(lines))
    return _sentence(words, lines[0]) + _often(len(lines))


def _often(count: int) -> str:
    return f" ({count})" if count > 1 else ""


def _sentence(words: Wording, line: Line) -> str:
    name = _plain(line.name or "", LONGEST_NAME) or words.somebody
    sentence = words.kinds[line.notification.kind]
    return sentence.format(name=name, subject=_plain(line.subject, LONGEST_SUBJECT)).strip()


def _only_kind(lines: Sequence[Line]) -> NotificationKind | None:
    kinds = {line.notification.kind for line in lines}
    return kinds.pop() if len(kinds) == 1 else None


def _plain(text: str, longest: int) -> str:
    """One line of at most so many letters, whatever somebody called themselves or asked."""
    line = " ".join(UNPRINTABLE.sub(" ", text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
