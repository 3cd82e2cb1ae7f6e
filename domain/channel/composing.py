"""How a message looks on its way out: one composer for each channel, from the same text with the same sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Any

from domain.assistant import Citation
from domain.channel.account import ChannelAccount, EmailSettings
from domain.channel.mail import subject_of_reply
from domain.channel.ports import Thread
from domain.conversation.events import Message

MOST_REFERENCES = 20
SOURCES = "Sources"
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of GSM 03.38; each character takes 7 bits."""
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Its extension, at twice the length."""
PLAINER = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\xa0": " ", "•": "-"}
)
"""What looks the same in the default alphabet, and would more than double the price of a message."""
MOST_SEGMENTS = 6
BOLD = re.compile(r"\*\*(?=\S)(.{1,500}?)(?<=\S)\*\*")
CODE = re.compile(r"`([^`\n]{1,500})`")
CITED = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class MailHeader:
    """What a mail is called, and whom answers to it go to."""

    message_id: str
    reply_to: str | None = None


def mail_content(account: ChannelAccount, thread: Thread, message: Message, header: MailHeader) -> Mapping[str, Any]:
    """The content of a mail's parcel: text and HTML of the same words, tied to the mails before it."""
    settings, references = account.mail, thread.references[-MOST_REFERENCES:]
    headers = {"In-Reply-To": references[-1], "References": " ".join(references)} if references else {}
    if message.provenance is not None:
        headers["Auto-Submitted"] = "auto-replied"  # RFC 3834: no machine is to answer a machine
    return {
        "subject": subject_of_reply(thread.subject) if thread.subject else _first_words(message.text),
        "text": _mail_text(settings, message),
        "html": _mail_html(settings, message),
        "headers": headers,
        "from": _from(settings, account.address),
        "reply_to": header.reply_to,
        "message_id": header.message_id,
        "inbox_id": str(account.id),
        "file_ids": [],
    }


def sms_text(message: Message) -> str:
    """A text message: no marks, addresses of the sources instead of their numbers, at most six segments long."""
    plain = CITED.sub("", CODE.sub(r"\1", BOLD.sub(r"\1", message.text))).translate(PLAINER)
    plain = re.sub(r" +(?=[.,;:!?\n]|$)", "", re.sub(r" {2,}", " ", plain)).strip()
    links = list(dict.fromkeys(citation.link for citation in message.citations if citation.link))[:2]
    text = "\n".join((plain, *_choice_list(message), *links))
    return text if segments(text) <= MOST_SEGMENTS else _shortened(plain)


def segments(text: str) -> int:
    """How many messages a text is paid as: 160 characters of the GSM alphabet or 70 others in one, 153 or 67 in more.

    3GPP TS 23.038; characters beyond the basic plane count twice.
    """
    if all(character in GSM or character in GSM_EXTENDED for character in text):
        length, alone, each = len(text) + sum(character in GSM_EXTENDED for character in text), 160, 153
    else:
        length, alone, each = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else ceil(length / each)


def _shortened(text: str) -> str:
    """As many whole words as fit."""
    shortest, longest = 0, len(text)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        fits = segments(text[:middle] + "...") <= MOST_SEGMENTS
        shortest, longest = (middle, longest) if fits else (shortest, middle - 1)
    head, _, _ = text[:shortest].rpartition(" ")
    return (head or text[:shortest]) + "..."


def _choices(message: Message) -> list[str]:
    """What there is to choose from, but for what the text says already."""
    return [choice for choice in message.choices if choice not in message.text]


def _choice_list(message: Message) -> list[str]:
    return [f"- {choice}" for choice in _choices(message)]


def _mail_text(settings: EmailSettings, message: Message) -> str:
    blocks = [message.text, "\n".join(_choice_list(message)), _listed(message.citations)]
    blocks += [f"-- \n{settings.signature}"] if settings.signature else []
    return "\n\n".join(block for block in blocks if block) + "\n"


def _listed(citations: Sequence[Citation]) -> str:
    lines = [f"[{number}] {' '.join((one.title, one.link or '')).strip()}" for number, one in enumerate(citations, 1)]
    return "\n".join((f"{SOURCES}:", *lines)) if lines else ""


def _mail_html(settings: EmailSettings, message: Message) -> str:
    """The same words; nothing in it is loaded from anywhere."""
    blocks = [_paragraph(block, message.citations) for block in re.split(r"\n{2,}", message.text.strip())]
    if choices := _choices(message):
        blocks.append("<ul>" + "".join(f"<li>{escape(choice)}</li>" for choice in choices) + "</ul>")
    if message.citations:
        listed = "".join(f"<li>{_source(citation)}</li>" for citation in message.citations)
        blocks.append(f"<p>{SOURCES}:</p><ol>{listed}</ol>")
    if settings.signature:
        blocks.append(f"<p>-- <br>{_lines(escape(settings.signature))}</p>")
    return "<!doctype html>\n<html><body>\n" + "\n".join(blocks) + "\n</body></html>\n"


def _paragraph(text: str, citations: Sequence[Citation]) -> str:
    def linked(match: re.Match[str]) -> str:
        number = int(match[1])
        link = citations[number - 1].link if 0 < number <= len(citations) else None
        return f'<a href="{escape(link)}">[{number}]</a>' if link and _is_web(link) else match[0]

    marked = CODE.sub(r"<code>\1</code>", BOLD.sub(r"<b>\1</b>", escape(text)))
    return f"<p>{_lines(CITED.sub(linked, marked))}</p>"


def _source(citation: Citation) -> str:
    title = escape(citation.title)
    return f'<a href="{escape(citation.link)}">{title}</a>' if citation.link and _is_web(citation.link) else title


def _is_web(link: str) -> bool:
    return link.startswith(("https://", "http://"))


def _lines(text: str) -> str:
    return text.replace("\n", "<br>\n")


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _from(settings: EmailSettings, address: str) -> str:
    """The sender as a header has it; the name in quotes, whatever is in it."""
    name = settings.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{address}>' if name else address
