"""The ids of the demo company: the same on every machine, so that its tokens and its widget work everywhere."""

from uuid import NAMESPACE_DNS, UUID, uuid5

from domain.account.organization import default_inbox_of

_NAMESPACE = uuid5(NAMESPACE_DNS, "demo.parley.example")


def id_of(name: str) -> UUID:
    """The id of somebody or something there."""
    return uuid5(_NAMESPACE, name)


ORGANIZATION_ID = id_of("organization")
DEMO_INBOX = default_inbox_of(ORGANIZATION_ID)
