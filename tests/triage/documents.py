"""What people at work ask for when they sort conversations."""

from typing import Any

from tests.documents import ERRORS, START
from tests.stack import Client

TRIAGE = """
  id subject state cursor
  triage { priority isSnoozed snoozedUntil isSpam tags { id name color } attributes { key value } }
"""
PAGE = f"""
query Page($filter: ConversationFilterInput, $order: ConversationOrder! = ACTIVITY, $first: Int, $after: String) {{
  conversations(filter: $filter, order: $order, first: $first, after: $after) {{
    nodes {{ {TRIAGE} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""


def mutation(name: str, selection: str = f"conversation {{ {TRIAGE} }}") -> str:
    """A mutation's document, with all of its errors."""
    pascal = name[0].upper() + name[1:]
    return f"""
    mutation Do($input: {pascal}Input!) {{
      {name}(input: $input) {{ __typename ... on {pascal}Success {{ {selection} }} {ERRORS} }}
    }}"""


async def do(client: Client, name: str, selection: str | None = None, /, **input: Any) -> Any:
    """What came of a mutation."""
    document = mutation(name) if selection is None else mutation(name, selection)
    return (await client.ask(document, input=input))[name]


async def done(client: Client, name: str, selection: str | None = None, /, **input: Any) -> Any:
    """The same, which must succeed."""
    came = await do(client, name, selection, **input)
    assert came["__typename"].endswith("Success"), came
    return came


async def begun(customer: Client, text: str = "Where is my parcel?") -> str:
    """A new conversation."""
    identity: str = (await customer.ask(START, text=text))["startConversation"]["conversation"]["id"]
    return identity


async def listed(client: Client, **variables: Any) -> list[str]:
    """The ids of a page."""
    return [node["id"] for node in (await client.ask(PAGE, **variables))["conversations"]["nodes"]]
