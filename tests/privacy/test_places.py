"""Every table with words is known: either it is erased, column by column, or it has none of a customer's."""

from collections.abc import Mapping

import pytest
from pgvector.sqlalchemy import HALFVEC, Vector
from sqlalchemy import ARRAY, Column, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from infra.privacy.places import OF_CONVERSATIONS, OF_CUSTOMERS, Place
from infra.rows import organizations

PLACES = (*OF_CONVERSATIONS, *OF_CUSTOMERS)
ELSEWHERE: Mapping[str, str] = {
    "event": "infra/privacy/journal.py rewrites it in place",
    **dict.fromkeys(("gap", "gap_question", "trial", "suite_run"), "infra/privacy/derived.py"),
    **dict.fromkeys(("article", "article_version"), "infra/privacy/derived.py: drafts go, what is published stays"),
    **dict.fromkeys(("passage", "phrase", "passage_vector", "phrase_vector"), "of published articles alone"),
    "curated_question": "goes with its curated answer",
    "search_entry": "the database keeps it in step with what it is made of",
    "unreachable": "infra/privacy/erasing.py, by address",
    "export": "infra/privacy/transcripts.py takes the files back; the row has filters by ids",
    "privacy_request": "ids, and why a job failed, in our words",
}
"""Tables that are erased by other ways than a place, and how."""
COMPANYS = frozenset(
    {
        *("organization", "agent", "role", "inbox", "team", "person", "recovery_code", "mail_token", "invitation"),
        *("identity_provider", "person_identity", "identity_key", "api_key", "signing_key", "sign_in_throttle"),
        *("tag", "attribute_definition", "view", "macro", "rule", "webhook", "tool", "mcp_server", "suite"),
        *("source", "import", "import_document", "knowledge_model", "prompt_version", "service_level_policy"),
        *("channel_account", "mailbox_place", "availability", "inbox_need", "budget", "price_list", "sql_login"),
        *("notification", "notification_bundle", "notification_preference", "push_subscription", "push_key"),
        *("service_level", "model_call", "search_backlog"),
    }
)
"""What the company wrote about itself and its work, and what machines count: nothing in it is a customer's."""
FACTS = ("_fact", "rollup_cell", "rollup_sketch", "rollup_due", "rollup_place")
"""Facts have no words but the company's own: topics, models, channels."""


def has_words(column: Column[object]) -> bool:
    kind = column.type
    listed = isinstance(kind, ARRAY) and isinstance(kind.item_type, Text)
    return listed or isinstance(kind, Text | LargeBinary | JSONB | TSVECTOR | Vector | HALFVEC)


def tables() -> list[Table]:
    return [table for table in organizations.metadata.sorted_tables if any(map(has_words, table.c))]


def test_every_table_with_words_is_erased_or_known_to_have_none_of_a_customers() -> None:
    placed = {place.table.name for place in PLACES}
    found = {table.name for table in tables() if not table.name.endswith(FACTS)}
    assert found - placed - ELSEWHERE.keys() - COMPANYS == set()
    assert (ELSEWHERE.keys() | COMPANYS) - found == set(), "what is listed exists"
    assert placed & (ELSEWHERE.keys() | COMPANYS) == set()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.table.name))
def test_every_column_with_words_is_erased_or_kept_for_a_reason(place: Place) -> None:
    if place.gone:
        return
    named = {column.name for column in place.table.c if has_words(column) and not column.computed}
    assert named - place.becomes.keys() - set(place.kept) == set()
    assert place.becomes.keys() & set(place.kept) - {"state"} == set()
