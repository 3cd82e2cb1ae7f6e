"""The GraphQL documents of the chat."""

MESSAGE = """
fragment Words on Message {
  id number kind text choices needsCode
  citations { title headings link }
  author { __typename ... on Agent { name } ... on Customer { name } }
}"""

STATE = "fragment State on Conversation { id state episode isAnswering messageCount cursor assignee { name } }"
ERRORS = "... on Error { message }"

VIEWER = "{ viewer { kind organization { name } customer { name } agent { name } } }"

CONVERSATION = f"""
query Conversation($id: ID!, $last: Int!, $before: String) {{
  conversation(id: $id) {{
    ...State
    messages(last: $last, before: $before) {{ nodes {{ ...Words episode }} pageInfo {{ hasPreviousPage startCursor }} }}
  }}
}}
{STATE} {MESSAGE}"""

WHERE = f"query Where($id: ID!) {{ conversation(id: $id) {{ ...State }} }} {STATE}"

START = f"""
mutation Start($text: String!, $key: String!) {{
  startConversation(input: {{text: $text, idempotencyKey: $key}}) {{
    ... on StartConversationSuccess {{ conversation {{ id }} }}
    {ERRORS}
  }}
}}"""

SEND = f"""
mutation Send($id: ID!, $text: String!, $key: String!) {{
  sendMessage(input: {{conversationId: $id, text: $text, idempotencyKey: $key}}) {{
    ... on SendMessageSuccess {{ conversation {{ id }} }}
    {ERRORS}
  }}
}}"""

CHANGED = f"""
subscription Changed($id: ID!, $after: String!) {{
  conversationChanged(id: $id, after: $after) {{
    __typename
    ... on ConversationEvent {{ cursor }}
    ... on MessageSent {{ message {{ ...Words }} }}
    ... on AnswerStarted {{ messageId questionId attempt }}
    ... on AnswerFrame {{ messageId attempt offset text }}
    ... on AnswerCompleted {{ message {{ ...Words }} }}
    ... on AnswerStopped {{ partialMessage {{ ...Words }} }}
    ... on HandoffRequested {{ reason message {{ ...Words }} }}
    ... on ConversationTakenOver {{ agent {{ name }} }}
    ... on ConversationReopened {{ episode }}
    ... on ResyncRequired {{ cursor explanation }}
  }}
}}
{MESSAGE}"""


def command(name: str, *texts: str) -> str:
    """The mutation of a name that takes a conversation, and maybe some texts."""
    success = f"{name[0].upper()}{name[1:]}Success"
    return f"""
mutation Command($id: ID!, $key: String!{"".join(f", ${text}: String!" for text in texts)}) {{
  {name}(input: {{conversationId: $id, idempotencyKey: $key{"".join(f", {text}: ${text}" for text in texts)}}}) {{
    ... on {success} {{ conversation {{ id }} }}
    {ERRORS}
  }}
}}"""
