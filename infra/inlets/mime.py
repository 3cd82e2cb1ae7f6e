"""Mail as bytes becomes mail as words: headers, text, files, and who really wrote it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from domain.channel.mail import (
    MOST_REFERENCES,
    Attachment,
    Authentication,
    Bounce,
    Mailbox,
    Nature,
    ReceivedMail,
    UnreadableMailError,
    is_machine,
)
from domain.login.mail import ADDRESS, LONGEST_ADDRESS
from infra.process.late import Late

if TYPE_CHECKING:
    from infra.inlets import trimming
else:
    trimming = Late("infra.inlets.trimming")

LARGEST_MAIL = 25 * 1024 * 1024
LARGEST_TEXT = 1_000_000
LONGEST_ORIGINAL = 100_000
LONGEST_SUBJECT = 200
LONGEST_NAME = 200
LONGEST_ID = 500
MOST_ATTACHMENTS = 10
MOST_PARTS = 200
MOST_RECIPIENTS = 50
MOST_LINES = 600_000
"""A mail of the largest size with lines of the usual length has some 340,000."""
MOST_BOUNDARIES = 5_000
DEEPEST = 100
"""Each line is compared with the boundary of each part that it is in."""
LONGEST_HEADER = 20_000
MESSAGE_ID = re.compile(r"<[^<>\s]{1,498}>")
PLUS = re.compile(r"\+([a-z0-9]{1,64})@")
SENT_TO = ("to", "cc", "delivered-to", "x-original-to")
SUPPRESSED = re.compile(r"\b(all|oof|autoreply|dr)\b", re.IGNORECASE)
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
VERDICT = re.compile(r"\s*(dmarc|dkim|spf)\s*=\s*(\w+)", re.IGNORECASE)
DOMAIN = re.compile(r"\b(?:header\.[di]|smtp\.mailfrom)\s*=\s*(?:[^\s;@]*@)?([\w.-]+)", re.IGNORECASE)
FINAL = "failed"


class MimeReader:
    """Reads mail in a thread: a long one takes a while."""

    async def read(self, raw: bytes, *, trusted_server: str | None) -> ReceivedMail:
        """The mail; raises `UnreadableMailError`."""
        return await asyncio.to_thread(read_mail, raw, trusted_server=trusted_server)


def read_mail(raw: bytes, *, trusted_server: str | None = None) -> ReceivedMail:
    """The mail in some bytes. Whatever is wrong in them, as mail from outside often is, costs no more than that part.

    Raises: UnreadableMailError, also where the sender has no address that could be answered.
    """
    if len(raw) > LARGEST_MAIL:
        raise UnreadableMailError(f"More than {LARGEST_MAIL:,} bytes.")
    if _is_bomb(raw):
        raise UnreadableMailError("More lines or parts than people send.")
    try:
        return _read(BytesParser(policy=policy.compat32).parsebytes(raw), raw, trusted_server)
    except UnreadableMailError:
        raise
    except (MessageError, ValueError, LookupError, RecursionError, TypeError, AttributeError) as error:
        raise UnreadableMailError(type(error).__name__) from None  # the library's parsers raise all of these


def _is_bomb(raw: bytes) -> bool:
    """Whether there is so much in it that taking it apart would need hundreds of times its size."""
    lines = raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")
    boundaries = raw.count(b"\n--") + raw.count(b"\r--")
    return lines > MOST_LINES or boundaries > MOST_BOUNDARIES or raw.lower().count(b"multipart/") > DEEPEST


def _read(message: Message, raw: bytes, trusted_server: str | None) -> ReceivedMail:
    parts = list(_parts(message))
    bounce = _bounce(message, parts)
    original, text = _texts(parts)
    sender = _sender(message, is_bounce=bounce is not None)
    return ReceivedMail(
        message_id=_ids(message, "message-id")[-1:][0] if _ids(message, "message-id") else _made_id(raw),
        references=tuple(dict.fromkeys(_ids(message, "references") + _ids(message, "in-reply-to")))[-MOST_REFERENCES:],
        sender=sender,
        recipients=tuple(_mailboxes(message, "to", "cc"))[:MOST_RECIPIENTS],
        subject=trimming.storable(" ".join(_header(message, "subject").split()))[:LONGEST_SUBJECT],
        text=text,
        original=original[:LONGEST_ORIGINAL],
        nature=Nature.BOUNCE if bounce else _nature(message, sender),
        tokens=tuple(_tokens(message)),
        attachments=tuple(_attachments(parts)),
        bounce=bounce,
        authentication=_authentication(message, sender, trusted_server),
    )


def _header(message: Message, name: str) -> str:
    """A header's text, its encoded words decoded; what is in no charset that it says is shown as well as it goes."""
    value = message.get(name)
    return "" if value is None else _decoded(str(value))


def _decoded(value: str) -> str:
    """By the newer policy of the library, which joins words as RFC 2047 wants it."""
    flat = re.sub(r"[\r\n]+", " ", value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    parsed = cast(Any, policy.default).header_factory("subject", flat[:10_000])
    return str(parsed)


def _ids(message: Message, name: str) -> list[str]:
    found = MESSAGE_ID.findall(" ".join(_values(message, name)))
    return [each for each in found if len(each) <= LONGEST_ID and each.isascii() and each.isprintable()]


def _made_id(raw: bytes) -> str:
    return f"<{sha256(raw).hexdigest()}@unnamed>"


def _values(message: Message, *names: str) -> list[str]:
    return [str(value)[:LONGEST_HEADER] for name in names for value in message.get_all(name, [])[:MOST_RECIPIENTS]]


def _mailboxes(message: Message, *names: str) -> Iterator[Mailbox]:
    raw = _values(message, *names)
    for name, address in getaddresses(raw[:MOST_RECIPIENTS]):
        if len(address) <= LONGEST_ADDRESS and ADDRESS.fullmatch(address):
            yield Mailbox(address.lower(), trimming.storable(" ".join(_decoded(name).split()))[:LONGEST_NAME])


def _sender(message: Message, *, is_bounce: bool) -> Mailbox:
    found = next(_mailboxes(message, "from"), None) or next(_mailboxes(message, "sender"), None)
    if found is None and is_bounce:
        return Mailbox("mailer-daemon@unknown")
    if found is None:
        raise UnreadableMailError("It has no sender.")
    return found


def _tokens(message: Message) -> Iterator[str]:
    raw = " ".join(_values(message, *SENT_TO))
    yield from list(dict.fromkeys(PLUS.findall(raw[:LONGEST_HEADER].lower())))[:MOST_RECIPIENTS]


def _nature(message: Message, sender: Mailbox) -> Nature:
    """RFC 3834, and what was used before it."""
    submitted = _header(message, "auto-submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return Nature.AUTOMATIC
    if any(message.get(name) is not None for name in ("x-autoreply", "x-autorespond", "x-auto-reply")):
        return Nature.AUTOMATIC
    if SUPPRESSED.search(_header(message, "x-auto-response-suppress")) and is_machine(sender.address):
        return Nature.AUTOMATIC
    precedence = _header(message, "precedence").strip().lower()
    if precedence == "auto_reply":
        return Nature.AUTOMATIC
    if precedence in ("bulk", "junk", "list") or message.get("list-id") is not None:
        return Nature.BULK
    return Nature.AUTOMATIC if _header(message, "return-path").strip() == "<>" else Nature.PERSONAL


def _parts(message: Message) -> Iterator[Message]:
    """The leaves of a mail, in order; what is inside a forwarded or returned mail is that mail's."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(0), seen + 1
        if part.get_content_type() in ("message/rfc822", "message/delivery-status", "text/rfc822-headers"):
            yield part
        elif part.is_multipart():
            waiting[:0] = cast("list[Message]", part.get_payload())
        else:
            yield part


def _texts(parts: list[Message]) -> tuple[str, str]:
    """The plain words, or those of the HTML, of which nothing is loaded and nothing runs: all, and without quotes."""
    shown = [part for part in parts if not _is_file(part)]
    plain = [_content(part) for part in shown if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        whole = trimming.storable("\n".join(plain))
        return whole, trimming.trimmed(whole[:LONGEST_ORIGINAL])
    html = (_content(part) for part in shown if part.get_content_type() == "text/html")
    whole, newest = map(trimming.storable, trimming.plain_texts("\n".join(html)[:LARGEST_TEXT]))
    return whole, trimming.trimmed(newest[:LONGEST_ORIGINAL])


def _content(part: Message) -> str:
    raw = _bytes(part)[:LARGEST_TEXT]
    for charset in (part.get_content_charset(), "utf-8"):
        try:
            return raw.decode(charset or "utf-8")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return raw.decode("windows-1252", "replace")


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or (
        part.get_filename() is not None and not part.get_content_type().startswith("text/")
    )


def _attachments(parts: list[Message]) -> Iterator[Attachment]:
    files = [part for part in parts if _is_file(part)]
    for number, part in enumerate(files[:MOST_ATTACHMENTS], 1):
        name = trimming.storable(_decoded(part.get_filename() or "")).replace("/", " ").replace("\\", " ")
        yield Attachment(name.strip(". ")[-100:] or f"file {number}", part.get_content_type(), _bytes(part))


def _bounce(message: Message, parts: list[Message]) -> Bounce | None:
    """RFC 3464: what a server says of each recipient, and the mail that it is about."""
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if message.get_content_type() != "multipart/report" or not reports:
        return None
    fields = [block for block in cast("list[Message]", reports[0].get_payload()) if isinstance(block, Message)]
    about = next((block for block in fields if block.get("action")), None)
    if about is None:
        return None
    recipient = str(about.get("final-recipient") or about.get("original-recipient") or "").partition(";")[2].strip()
    return Bounce(
        message_id=_returned_id(parts),
        recipient=recipient.lower() or None,
        status=trimming.storable(str(about.get("status") or ""))[:20],
        explanation=trimming.storable(" ".join(str(about.get("diagnostic-code") or "").split()))[:500],
        is_final=str(about.get("action")).strip().lower() == FINAL,
    )


def _returned_id(parts: list[Message]) -> str | None:
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            inner: Message = cast("list[Message]", part.get_payload())[0]
        elif kind == "text/rfc822-headers":
            inner = BytesParser(policy=policy.compat32).parsebytes(_bytes(part), headersonly=True)
        else:
            continue
        if ids := _ids(inner, "message-id"):
            return ids[0]
    return None


def _authentication(message: Message, sender: Mailbox, trusted_server: str | None) -> Authentication:
    """RFC 8601: what the server says whose name is trusted, in the first such header, which is the last one added."""
    for value in _values(message, "authentication-results") if trusted_server else []:
        server, _, verdicts = value.partition(";")
        if server.split()[:1] == [trusted_server]:
            said = _is_vouched(QUOTED.sub("", verdicts), sender.address.partition("@")[2])
            return Authentication.PASSED if said else Authentication.FAILED
    return Authentication.NOT_CHECKED


def _is_vouched(verdicts: str, domain: str) -> bool:
    """By DMARC; where that was not looked at by DKIM or SPF, if they are about the sender's own domain."""
    found = [(verdict, each) for each in verdicts.split(";") if (verdict := VERDICT.match(each))]
    for verdict, _ in found:
        if verdict[1].lower() == "dmarc":
            return verdict[2].lower() == "pass"
    passed = [each for verdict, each in found if verdict[2].lower() == "pass"]
    return any(_is_of(signer.lower(), domain) for each in passed for signer in DOMAIN.findall(each))


def _is_of(signer: str, domain: str) -> bool:
    return signer == domain or signer.endswith(f".{domain}") or domain.endswith(f".{signer}")
