"""A language model that quotes the first passage it is given, and stops in the middle where a question asks it to."""

from __future__ import annotations

import re

from tests.models.replies import Ending, Json, Reply, call, first

PASSAGE = re.compile(
    r"=== begin passage \[(\d+)\] [^\n]*\n[^\n]*\n(?:Link: [^\n]*\n)?(.*?)\n=== end passage", re.DOTALL
)
ASKED = re.compile(r"=== begin the customer's message [^\n]*\n(.*?)\n=== end", re.DOTALL)
BULLETS = re.compile(r"^[-*\d.]+\s+", re.MULTILINE)
OVER = {"reason": "not_in_knowledge", "summary": "Nothing was found.", "text": "Somebody will answer you here."}
PAUSE, SLOW = 0.1, 0.25
"""Seconds between two pieces of six characters."""
BEGUN = 30
"""So many pieces come before a model that waits says no more."""


def quoting(body: Json) -> Reply:
    """The call that answers with what a passage says; nothing that fits is handed over.

    "wait for me" in the question has it stop within its first sentences until somebody steps in, "slowly" take long.
    """
    content = body["messages"][-1]["content"]
    found, asked = PASSAGE.search(content), ASKED.search(content)
    if not found or not asked:
        return call("hand_over", OVER)
    number, text = int(found[1]), " ".join(BULLETS.sub("", found[2]).split())
    reply = call("answer", {"sources": [number], "text": f"{text} [{number}]"})
    reply = reply.slowly(SLOW if "slowly" in asked[1].lower() else PAUSE)
    return first(reply, BEGUN, Ending.HANG) if "wait for me" in asked[1] else reply
