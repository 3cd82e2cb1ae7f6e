"""How many tokens a text is: an estimate that holds for any model, made before one is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence

from domain.model import ModelRequest, ToolCall, Usage

BYTES_PER_TOKEN = 3
"""Tokenizers take four bytes of English for a token, and about three, one character, of Chinese: rather too many."""
TOKENS_PER_MESSAGE = 6
"""What each message costs besides its text: its role and its ends."""
MOST = 2**31 - 1


def of_text(text: str) -> int:
    """The tokens of a text, rounded up."""
    return -(-len(text.encode(errors="replace")) // BYTES_PER_TOKEN)


def of_request(request: ModelRequest) -> int:
    """The tokens that a model has to read for a request."""
    messages = sum(TOKENS_PER_MESSAGE + of_text(each.text) + _calls(each.calls) for each in request.messages)
    tools = sum(of_text(each.name + each.description + json.dumps(dict(each.parameters))) for each in request.tools)
    return messages + tools


def _calls(calls: Sequence[ToolCall]) -> int:
    return sum(of_text(each.name + each.arguments) for each in calls)


def believable(usage: Usage) -> bool:
    """Whether these can be the numbers of a call: a broken server's are not to be paid, nor to be paid back."""
    return 0 <= usage.cached <= usage.read <= MOST and 0 <= usage.written <= MOST and usage.read + usage.written > 0
