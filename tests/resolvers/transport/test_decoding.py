"""Bodies made to be costly: each is decoded or refused in little time, whatever a megabyte of it holds."""

import contextlib
import time

import pytest

from resolvers.transport.request import MOST_CONTAINERS, BadRequest, decode

MOST_SECONDS = 0.1
MEGABYTE = 1_000_000
BODIES = {
    "empty lists": b"[" + b"[]," * 330_000 + b"[]]",
    "empty objects": b"[" + b"{}," * 330_000 + b"{}]",
    "objects": b"[" + b'{"a":1},' * 120_000 + b"{}]",
    "numbers": b"[" + b"1," * 495_000 + b"1]",
    "empty strings": b"[" + b'"",' * 330_000 + b'""]',
    "one string": b'"' + b"x" * 990_000 + b'"',
    "a string of brackets": b'"' + b"[{" * 490_000 + b'"',
    "quotes": b'"' + b'\\"' * 490_000 + b'"',
    "backslashes": b"\\" * 990_000,
    "keys": b"{" + b",".join(b'"%d":1' % number for number in range(90_000)) + b"}",
    "open brackets": b"[" * 990_000,
    "an open string": b'"' + b"x" * 990_000,
    "many open strings": b'"\\' * 490_000,
    "nesting": b"[" * 20_000 + b"]" * 20_000,
}


@pytest.mark.parametrize("name", BODIES)
def test_a_megabyte_is_decoded_in_a_tenth_of_a_second(name: str) -> None:
    """The best of three, in this process's own time."""
    assert len(BODIES[name]) <= MEGABYTE
    assert min(decoded(BODIES[name]) for _ in range(3)) < MOST_SECONDS


def decoded(body: bytes) -> float:
    before = time.process_time()
    with contextlib.suppress(BadRequest):
        decode(body, 64)
    return time.process_time() - before


@pytest.mark.parametrize("text", ["[" * 64 + "]" * 64, '{"a":' * 64 + '"}[\\"{"' + "}" * 64, '"' + "[" * 100 + '"'])
def test_what_is_nested_as_deep_as_allowed_is_decoded(text: str) -> None:
    assert decode(text, 64)


@pytest.mark.parametrize("text", ["[" * 65 + "]" * 65, '{"a":' * 65 + "1" + "}" * 65, '[{"a":' * 33 + "1" + "}]" * 33])
def test_what_is_nested_deeper_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="nested deeper than 64"):
        decode(text, 64)


def test_so_many_lists_and_objects_are_decoded_and_no_more() -> None:
    assert len(decode(b"[" + b"[]," * (MOST_CONTAINERS - 2) + b"[]]", 64)) == MOST_CONTAINERS - 1  # type: ignore[arg-type]
    with pytest.raises(BadRequest, match="lists and objects"):
        decode(b"[" + b"[]," * MOST_CONTAINERS + b"[]]", 64)
