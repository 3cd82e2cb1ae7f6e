"""Conversations as a client sees them: documents in, JSON out."""

import asyncio
from typing import Any

import pytest

from domain.assistant import ScriptedAssistant
from tests.documents import CHANGED, CONVERSATION, INBOX, SEND, START, command
from tests.stack import Client, Company, Gate, GraphQLFailedError, Stack


async def begun(client: Client, text: str = "How do I return a coat?") -> str:
    return str((await client.ask(START, text=text))["startConversation"]["conversation"]["id"])


async def until(client: Client, conversation: str, **expected: Any) -> Any:
    """The conversation, once its fields are as expected."""
    async with asyncio.timeout(15):
        while True:
            found = (await client.ask(CONVERSATION, id=conversation))["conversation"]
            if all(found[name] == value for name, value in expected.items()):
                return found
            await asyncio.sleep(0.05)


async def texts(client: Client, conversation: str) -> list[str]:
    """What was said, in order."""
    found = (await client.ask(CONVERSATION, id=conversation))["conversation"]
    return [message["text"] for message in found["messages"]["nodes"]]


async def collected(client: Client, conversation: str, last: str, after: str | None = None) -> list[Any]:
    """All that a watcher is told, up to an event of the type `last`."""
    found = []
    async with asyncio.timeout(20):
        async for data in client.watch(CHANGED, id=conversation, after=after):
            found.append(data["conversationChanged"])
            if found[-1]["__typename"] == last:
                break
    return found


BEGINNING = "WyIwIl0"
"""The cursor before the first event."""


async def test_question_is_answered_in_frames_that_equal_the_stored_message(stack: Stack, company: Company) -> None:
    customer = stack.client(company.customer)
    conversation = await begun(customer)
    events = await collected(customer, conversation, "AnswerCompleted", after=BEGINNING)
    kinds = [event["__typename"] for event in events if event["__typename"] != "AnswerFrame"]
    assert kinds == ["ConversationStarted", "MessageSent", "AnswerStarted", "AnswerCompleted"]
    stored = (await until(customer, conversation, isAnswering=False))["messages"]["nodes"][-1]
    assert stored["text"] == events[-1]["message"]["text"] == "You may send it back within 45 days. 🙂"
    assert stored["kind"] == "ANSWER"
    assert stored["author"] == {"__typename": "Assistant"}


async def test_late_reader_gets_the_text_so_far_and_the_rest(gated: Stack, gate: Gate, company: Company) -> None:
    customer = gated.client(company.customer)
    conversation = await begun(customer)
    gate.let(4)
    await until(customer, conversation, isAnswering=True)
    await asyncio.sleep(0.3)
    text, offset_seen = "", -1
    async with asyncio.timeout(15):
        async for data in customer.watch(CHANGED, id=conversation):
            event = data["conversationChanged"]
            if event["__typename"] == "AnswerFrame":
                if offset_seen < 0:
                    assert event["offset"] == 0
                    assert event["text"].startswith("one two three")
                offset_seen = event["offset"]
                text = text[: event["offset"]] + event["text"]
                gate.let(10)
            if event["__typename"] == "AnswerCompleted":
                assert text == event["message"]["text"] == "one two three four five six seven eight"
                break


async def test_retried_send_is_one_message(stack: Stack, company: Company) -> None:
    customer = stack.client(company.customer)
    first, second = await asyncio.gather(*(customer.ask(START, text="Hello?", key="k-1") for _ in range(2)))
    assert first == second or (first["startConversation"]["sentMessage"] == second["startConversation"]["sentMessage"])
    conversation = first["startConversation"]["conversation"]["id"]
    sends = await asyncio.gather(
        *(customer.ask(SEND, id=conversation, text="Are you there?", key="k-2") for _ in range(5))
    )
    assert len({sent["sendMessage"]["sentMessage"]["id"] for sent in sends}) == 1
    texts = [
        m["text"] for m in (await customer.ask(CONVERSATION, id=conversation))["conversation"]["messages"]["nodes"]
    ]
    assert texts.count("Are you there?") == 1


async def test_key_with_other_input_is_refused(stack: Stack, company: Company) -> None:
    customer = stack.client(company.customer)
    await customer.ask(START, text="Hello?", key="same")
    again = await customer.ask(START, text="Something else", key="same")
    assert again["startConversation"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    other = await stack.client(company.other_customer).ask(START, text="Mine", key="same")
    assert other["startConversation"]["__typename"] == "StartConversationSuccess"


@pytest.mark.parametrize(
    ("text", "hint"),
    [("", "empty"), (" \n\t", "empty"), ("x" * 10_001, "10,001"), ("a\x00b", "NUL")],
)
async def test_unusable_text_is_told_by_field(stack: Stack, company: Company, text: str, hint: str) -> None:
    refused = (await stack.client(company.customer).ask(START, text=text))["startConversation"]
    assert refused["__typename"] == "InvalidInputError"
    assert refused["fields"][0]["path"] == "input.text"
    assert hint in refused["fields"][0]["message"]


async def test_longest_text_is_kept_whole(stack: Stack, company: Company) -> None:
    customer = stack.client(company.customer)
    text = "🙂é" * 5_000
    conversation = await begun(customer, text)
    found = (await customer.ask(CONVERSATION, id=conversation))["conversation"]
    assert found["messages"]["nodes"][0]["text"] == text


async def test_racing_takeovers_have_one_winner(gated: Stack, company: Company) -> None:
    conversation = await begun(gated.client(company.customer))
    agents = [gated.client(actor) for actor in (company.agent, company.other_agent, company.admin)]
    document = command("takeOverConversation")
    results = [
        r["takeOverConversation"] for r in await asyncio.gather(*(a.ask(document, id=conversation) for a in agents))
    ]
    kinds = sorted(result["__typename"] for result in results)
    assert kinds == ["AlreadyAssignedError", "AlreadyAssignedError", "TakeOverConversationSuccess"]


async def test_takeover_in_the_middle_keeps_the_partial_text(gated: Stack, gate: Gate, company: Company) -> None:
    customer, agent = gated.client(company.customer), gated.client(company.agent)
    conversation = await begun(customer)
    watching = asyncio.create_task(collected(customer, conversation, "ConversationTakenOver", after=BEGINNING))
    gate.let(3)
    await until(customer, conversation, isAnswering=True)
    await asyncio.sleep(0.3)
    taken = await agent.ask(command("takeOverConversation"), id=conversation)
    assert taken["takeOverConversation"]["conversation"]["state"] == "WITH_PERSON"
    gate.let(20)
    events = await watching
    assert [event["__typename"] for event in events][-2:] == ["AnswerStopped", "ConversationTakenOver"], str(events)
    stopped = events[-2]
    seen = "".join(event["text"] for event in events if event["__typename"] == "AnswerFrame")
    assert stopped["partialMessage"]["kind"] == "PARTIAL_ANSWER"
    assert stopped["partialMessage"]["text"] == seen == "one two three "
    await asyncio.sleep(0.5)
    assert await texts(agent, conversation) == ["How do I return a coat?", "one two three "]
    sent = await agent.ask(SEND, id=conversation, text="I am a person.")
    assert sent["sendMessage"]["sentMessage"]["author"] == {"__typename": "Agent"}


async def test_stopped_answer_lets_the_next_question_be_answered(gated: Stack, gate: Gate, company: Company) -> None:
    customer = gated.client(company.customer)
    conversation = await begun(customer)
    await customer.ask(SEND, id=conversation, text="And a second thing?")
    gate.let(2)
    await until(customer, conversation, isAnswering=True)
    stopped = await customer.ask(command("stopAnswer"), id=conversation)
    assert stopped["stopAnswer"]["__typename"] == "StopAnswerSuccess"
    gate.let(50)
    found = await until(customer, conversation, isAnswering=False, messageCount=4)
    assert [message["kind"] for message in found["messages"]["nodes"]][-1] == "ANSWER"


async def test_customer_asks_for_a_person_and_the_agent_has_the_story(stack: Stack, company: Company) -> None:
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    conversation = await begun(customer)
    await until(customer, conversation, messageCount=2)
    asked = (await customer.ask(command("requestHandoff"), id=conversation))["requestHandoff"]["conversation"]
    assert (asked["state"], asked["handoffReason"]) == ("WAITING", "CUSTOMER_ASKED")
    assert asked["waitingSince"] is not None
    assert asked["handoffSummary"] is None, "the summary is for staff"
    seen = (await agent.ask(CONVERSATION, id=conversation))["conversation"]
    assert "How do I return a coat?" in seen["handoffSummary"]
    again = (await customer.ask(command("requestHandoff"), id=conversation))["requestHandoff"]
    assert again["code"] == "INVALID_STATE"


async def test_resolved_conversation_reopens_in_a_new_episode(stack: Stack, company: Company) -> None:
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    conversation = await begun(customer)
    await until(customer, conversation, messageCount=2)
    resolved = (await agent.ask(command("resolveConversation"), id=conversation))["resolveConversation"]
    assert resolved["conversation"]["state"] == "RESOLVED"
    await customer.ask(SEND, id=conversation, text="One more thing")
    found = await until(customer, conversation, messageCount=4)
    assert (found["state"], found["episode"]) == ("WITH_ASSISTANT", 2)
    assert isinstance(stack.assistant, ScriptedAssistant)
    question = stack.assistant.asked[-1]
    assert question.history == ()
    assert "How do I return a coat?" in question.summary


async def test_agent_must_take_over_before_answering(stack: Stack, company: Company) -> None:
    conversation = await begun(stack.client(company.customer))
    sent = (await stack.client(company.agent).ask(SEND, id=conversation, text="Hi"))["sendMessage"]
    assert sent["__typename"] == "ForbiddenError"


async def test_not_yours_and_not_there_are_one_answer(stack: Stack, company: Company) -> None:
    conversation = await begun(stack.client(company.customer))
    stranger = stack.client(company.other_customer)
    assert (await stranger.ask(CONVERSATION, id=conversation))["conversation"] is None
    assert (await stranger.ask("query($id: ID!) { node(id: $id) { id } }", id=conversation))["node"] is None
    refused = (await stranger.ask(SEND, id=conversation, text="Let me in"))["sendMessage"]
    assert refused["__typename"] == "NotFoundError"
    with pytest.raises(GraphQLFailedError) as caught:
        await collected(stranger, conversation, "MessageSent")
    assert caught.value.code == "NOT_FOUND"


async def test_unknown_cursor_gets_a_resync_and_then_what_is_new(stack: Stack, company: Company) -> None:
    customer = stack.client(company.customer)
    conversation = await begun(customer)
    await until(customer, conversation, messageCount=2)
    for cursor in ("WyI5OTkiXQ", "nonsense", "WyJhIl0", "W10"):
        events = await collected(customer, conversation, "ResyncRequired", after=cursor)
        assert events[0]["explanation"]
        assert events[0]["cursor"] == (await customer.ask(CONVERSATION, id=conversation))["conversation"]["cursor"]


async def test_inbox_tells_agents_of_every_conversation_in_order(stack: Stack, company: Company) -> None:
    agent = stack.client(company.agent)
    cursor = (await agent.ask("{ viewer { inboxCursor } }"))["viewer"]["inboxCursor"]
    conversations = [await begun(stack.client(company.customer), f"Question {n}") for n in range(3)]
    seen: list[Any] = []
    async with asyncio.timeout(20):
        async for data in agent.watch(INBOX, after=cursor):
            seen.append(data["inboxChanged"])
            if sum(event["__typename"] == "AnswerCompleted" for event in seen) == 3:
                break
    for conversation in conversations:
        kinds = [event["__typename"] for event in seen if event["conversation"]["id"] == conversation]
        assert kinds == ["ConversationStarted", "MessageSent", "AnswerStarted", "AnswerCompleted"]
    half = len(seen) // 2
    again: list[Any] = []
    async for data in agent.watch(INBOX, after=seen[half - 1]["cursor"]):
        again.append(data["inboxChanged"])
        if len(again) == len(seen) - half:
            break
    assert [event["cursor"] for event in again] == [event["cursor"] for event in seen[half:]]


async def test_inbox_is_closed_to_customers(stack: Stack, company: Company) -> None:
    with pytest.raises(GraphQLFailedError) as caught:
        async for _ in stack.client(company.customer).watch(INBOX):
            pass
    assert caught.value.code == "FORBIDDEN"


async def test_unread_count_falls_to_zero_when_marked_read(stack: Stack, company: Company) -> None:
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    conversation = await begun(customer)
    await customer.ask(SEND, id=conversation, text="Second")
    unread = "query($id: ID!) { conversation(id: $id) { unreadCount } }"
    assert (await agent.ask(unread, id=conversation))["conversation"]["unreadCount"] == 2
    marked = await agent.ask(command("markConversationRead"), id=conversation)
    assert marked["markConversationRead"]["conversation"]["unreadCount"] == 0
    again = await begun(customer, "Another")
    reused = [await agent.ask(command("markConversationRead"), id=one, key="k") for one in (conversation, again)]
    assert reused[1]["markConversationRead"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    other = stack.client(company.other_agent)
    assert (await other.ask(unread, id=conversation))["conversation"]["unreadCount"] == 2


async def test_pages_of_conversations_follow_each_other(stack: Stack, company: Company) -> None:
    customer = stack.client(company.customer)
    started = [await begun(customer, f"Number {n}") for n in range(7)]
    document = """query($after: String) {
      conversations(first: 3, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
    }"""
    for conversation in started:
        await until(customer, conversation, messageCount=2)
    seen, after = [], None
    while True:
        page = (await customer.ask(document, after=after))["conversations"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == set(started)


async def test_strangers_are_refused_by_every_mutation_and_see_nothing(stack: Stack) -> None:
    nobody = stack.client(None)
    assert (await nobody.ask("{ viewer { kind organization { name } } }"))["viewer"] == {
        "kind": "ANONYMOUS",
        "organization": None,
    }
    for document in ("{ conversations { nodes { id } } }", "{ deadLetters { nodes { id } } }"):
        with pytest.raises(GraphQLFailedError) as caught:
            await nobody.ask(document)
        assert caught.value.code == "UNAUTHENTICATED"


@pytest.mark.parametrize("name", ["requestHandoff", "resolveConversation"])
async def test_parallel_retries_of_a_command_get_its_one_result(stack: Stack, company: Company, name: str) -> None:
    customer = stack.client(company.customer)
    conversation = await begun(customer)
    await until(customer, conversation, messageCount=2)
    results = await asyncio.gather(*(customer.ask(command(name), id=conversation, key="once") for _ in range(4)))
    assert {result[name]["__typename"] for result in results} == {f"{name[0].upper()}{name[1:]}Success"}


async def test_quiet_watchers_hold_no_connection(stack: Stack, company: Company) -> None:
    """More of them than the pool has connections, each asking for an edge, leave room for everybody else."""
    customer = stack.client(company.customer)
    conversation = await begun(customer)
    await until(customer, conversation, messageCount=2)
    document = """subscription($id: ID!) {
      conversationChanged(id: $id, after: "WyIwIl0") { ... on ConversationEvent { cursor conversation { state } } }
    }"""

    async def watch() -> None:
        async for _ in customer.watch(document, id=conversation):
            pass

    watchers = [asyncio.create_task(watch()) for _ in range(stack.settings.database_pool_size + 2)]
    await asyncio.sleep(1)
    async with asyncio.timeout(5):
        await customer.ask(CONVERSATION, id=conversation)
    for watcher in watchers:
        watcher.cancel()
    await asyncio.wait(watchers)


async def test_many_commands_in_one_document_do_not_wait_for_each_other(stack: Stack, company: Company) -> None:
    """Each operation holds one connection at a time; two would fill the pool with waiters that wait for themselves."""
    start = 'startConversation(input: {text: "Hi"}) { ... on StartConversationSuccess { conversation { state } } }'
    document = f"mutation {{ one: {start} two: {start} }}"
    customer = stack.client(company.customer)
    async with asyncio.timeout(9):
        await asyncio.gather(*(customer.ask(document) for _ in range(30)))
