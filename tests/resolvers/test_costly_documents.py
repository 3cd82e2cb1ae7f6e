"""Documents made to be costly: each is answered in little of this process's time, over the whole schema."""

import time
from collections.abc import Callable

import pytest

from resolvers.execution import Engine, GraphQLRequest, Refusal
from resolvers.root import schema

MOST_SECONDS = 0.05
"""For what fits in two thousand bytes, such as fragments that double; longer ones may take twice that.

Alone, the costliest takes 36 ms; among thousands of objects of other tests, the garbage collector takes its share.
"""


def doubled(levels: int, last: str = "viewer { __typename }") -> str:
    """Each fragment spreads the next twice: the fields double with each level."""
    spread = "".join(f"fragment F{i} on Query{{...F{i + 1} ...F{i + 1}}}" for i in range(levels))
    return f"{{...F0}}{spread}fragment F{levels} on Query{{{last}}}"


def chained(levels: int) -> str:
    spread = "".join(f"fragment F{i} on Query{{...F{i + 1}}}" for i in range(levels))
    return f"{{...F0}}{spread}fragment F{levels} on Query{{viewer{{__typename}}}}"


def types_of(levels: int) -> str:
    return "{__schema{types{" + "fields{type{" * levels + "name" + "}}" * levels + "}}}"


# What repeats itself stays just below 2,000 tokens, the most that are read, so that it meets the later checks.
DOCUMENTS: dict[str, Callable[[], str]] = {
    "22 doubled fragments": lambda: doubled(22),
    "40 doubled fragments": lambda: doubled(40),
    "doubled fragments in inline fragments": lambda: doubled(22).replace("...F1 ", "...on Query{...F1} "),
    "doubled fragments under aliases": lambda: doubled(15, "a:viewer{__typename} b:viewer{__typename}"),
    "a fragment of cycles": lambda: (
        "{...A}fragment A on Query{...B ...C}fragment B on Query{...A}fragment C on Query{...A}"
    ),
    "700 chained fragments": lambda: chained(700),
    "fragments nobody spreads": lambda: (
        "{viewer{__typename}}" + "".join(f"fragment F{i} on Query{{viewer{{__typename}}}}" for i in range(195))
    ),
    "one field again and again": lambda: "{" + "viewer{__typename}" * 490 + "}",
    "pairs that may differ": lambda: "{" + "viewer{a:__typename}" * 330 + "}",
    "many aliases": lambda: "{" + "".join(f"a{i}:viewer{{__typename}}" for i in range(330)) + "}",
    "many names that are not there": lambda: "{" + "".join(f"nothing{i} " for i in range(1_000)) + "}",
    "many arguments": lambda: "{conversation(" + " ".join(f"a{i}:1" for i in range(660)) + "){id}}",
    "many variables": lambda: "query(" + " ".join(f"$v{i}:Int" for i in range(330)) + "){viewer{__typename}}",
    "many directives": lambda: "{viewer{__typename" + " @skip(if:false)" * 280 + "}}",
    "many operations": lambda: " ".join(f"query Q{i}{{viewer{{__typename}}}}" for i in range(330)),
    "a list in a list": lambda: "{" + "conversations(first:100){nodes{messages(first:100){nodes{" * 1 + "id" + "}}}}}",
    "deep braces": lambda: "{viewer" * 1_000 + "}" * 1_000,
    "deep lists of values": lambda: "{conversations(states:" + "[" * 2_000 + "]" * 2_000 + "){nodes{id}}}",
    "deep objects of values": lambda: "{conversations(states:" + "{a:" * 1_000 + "1" + "}" * 1_000 + "){nodes{id}}}",
    "introspection of introspection": lambda: types_of(6),
    "a long comment": lambda: "#" + "x" * 90_000 + "\n{viewer{__typename}}",
    "many comments": lambda: "#\n" * 40_000 + "{viewer{__typename}}",
    "a long string": lambda: '{conversation(id:"' + "x" * 90_000 + '"){id}}',
    "a block string of lines": lambda: '{conversation(id:"""' + " \n" * 40_000 + '"""){id}}',
    "a large number": lambda: "{conversations(first:" + "9" * 90_000 + "){nodes{id}}}",
    "commas": lambda: "{viewer{__typename}}" + "," * 90_000,
    "too long": lambda: "{viewer{__typename}}" + " " * 900_000,
}


@pytest.fixture(scope="module")
def warm() -> None:
    """What is made once in a process is made before anything is measured."""
    Engine(schema).prepare(GraphQLRequest("{viewer{__typename}}"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_answered_in_little_time(warm: None, name: str) -> None:
    """The best of three, each on an engine that remembers nothing: the first may meet the garbage collector."""
    text = DOCUMENTS[name]()
    best = min(answered(Engine(schema), text) for _ in range(3))
    assert best < (MOST_SECONDS if len(text) < 2_000 else 2 * MOST_SECONDS), (
        f"{len(text)} characters took {best * 1_000:.0f} ms"
    )


def answered(engine: Engine, text: str) -> float:
    before = time.process_time()
    try:
        engine.prepare(GraphQLRequest(text))
    except Refusal as refusal:
        engine.failure(refusal)
    return time.process_time() - before


def test_the_document_of_900_bytes_is_one(warm: None) -> None:
    assert len(doubled(22).encode()) < 1_000
    with pytest.raises(Refusal, match="fields is"):
        Engine(schema).prepare(GraphQLRequest(doubled(22)))
