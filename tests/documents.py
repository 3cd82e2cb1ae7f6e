"""The operations that tests send, as a client would write them."""

ERRORS = "... on Error { code message } ... on InvalidInputError { fields { path message } }"

START = f"""
mutation Start($text: String!, $key: String) {{
  startConversation(input: {{text: $text, idempotencyKey: $key}}) {{
    __typename
    ... on StartConversationSuccess {{
      conversation {{ id state subject cursor messageCount }} sentMessage {{ id text number }}
    }}
    {ERRORS}
  }}
}}"""

SEND = f"""
mutation Send($id: ID!, $text: String!, $key: String) {{
  sendMessage(input: {{conversationId: $id, text: $text, idempotencyKey: $key}}) {{
    __typename
    ... on SendMessageSuccess {{ conversation {{ id state }} sentMessage {{ id number author {{ __typename }} }} }}
    {ERRORS}
  }}
}}"""


def command(name: str) -> str:
    """The document of a mutation that only names a conversation."""
    type_name = name[0].upper() + name[1:]
    return f"""
mutation Do($id: ID!, $key: String) {{
  {name}(input: {{conversationId: $id, idempotencyKey: $key}}) {{
    __typename
    ... on {type_name}Success {{
      conversation {{ id state episode waitingSince handoffReason handoffSummary assignee {{ name }} unreadCount }}
    }}
    {ERRORS}
  }}
}}"""


CONVERSATION = """
query Conversation($id: ID!) {
  conversation(id: $id) {
    id state subject cursor episode isAnswering messageCount handoffReason handoffSummary waitingSince
    customer { name } assignee { name } lastMessage { text }
    messages(first: 100) {
      nodes { id number kind text episode author { __typename } provenance { model } citations { title } }
    }
  }
}"""

EVENT = """
    __typename
    ... on ConversationEvent { cursor at }
    ... on MessageSent { message { id number text kind } }
    ... on AnswerStarted { messageId attempt }
    ... on AnswerCompleted { message { id text kind provenance { model } } }
    ... on AnswerStopped { partialMessage { id text kind } }
    ... on HandoffRequested { reason message { text kind } }
    ... on ConversationTakenOver { agent { name } }
    ... on ConversationReopened { episode }
    ... on ResyncRequired { cursor explanation }
"""

CHANGED = f"""
subscription Changed($id: ID!, $after: String) {{
  conversationChanged(id: $id, after: $after) {{ {EVENT} ... on AnswerFrame {{ messageId attempt offset text }} }}
}}"""

INBOX = f"""
subscription Inbox($after: String) {{
  inboxChanged(after: $after) {{ {EVENT} ... on ConversationEvent {{ conversation {{ id }} }} }}
}}"""
