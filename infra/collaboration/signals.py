"""Signals in Redis: one sorted set a conversation, by when each is over, and one channel that every server hears."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import UUID

import orjson
from redis.asyncio import Redis
from sqlalchemy import select

from domain.account.permission import Permission
from domain.base import PEOPLE, Actor, ActorKind, Clock, NotFoundError
from domain.collaboration.signal import LASTS, Signal, SignalKind, Viewer, shown
from infra.database import Database
from infra.live.signals import Listener, quietly
from infra.live.tasks import end
from infra.rows import conversations
from infra.storage.codec import encode
from infra.storage.sight import reached

CHANNEL = "parley:signals"
PREFIX = "parley:signals:"
EVERY = 1_000
"""Milliseconds within which the same signal is told once."""
MAILBOX = 100
"""How many signals wait for a slow reader; those after them are lost."""
LOOK_EVERY = 1.0
READY_WITHIN = 2.0

# KEYS: the throttle, the conversation's signals. ARGV: until (0 for a moment), who, kind, what is published, now.
TELL = f"""
if not redis.call('SET', KEYS[1], '1', 'PX', {EVERY}, 'NX') then return 0 end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[5])
if ARGV[3] == 'left' then
  redis.call('ZREM', KEYS[2], 'viewing ' .. ARGV[2], 'typing ' .. ARGV[2])
elseif ARGV[1] ~= '0' then
  redis.call('ZADD', KEYS[2], ARGV[1], ARGV[3] .. ' ' .. ARGV[2])
  redis.call('EXPIRE', KEYS[2], 60)
end
redis.call('PUBLISH', '{CHANNEL}', ARGV[4])
return 1
"""


class RedisSignals:
    """Tells and hears signals. The first who follows any makes this process listen; it does until it ends."""

    def __init__(self, redis: Redis, database: Database, clock: Clock, stack: AsyncExitStack) -> None:
        self._redis = redis
        self._database = database
        self._clock = clock
        self._stack = stack
        self._tell = redis.register_script(TELL)
        self._mailboxes: dict[UUID, set[asyncio.Queue[Signal]]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def send(self, actor: Actor, conversation_id: UUID, kind: SignalKind) -> None:
        """Tell the others; what comes within a second of the same is dropped."""
        actor.require_kind(*PEOPLE)
        needed = Permission.REPLY_TO_CONVERSATIONS if kind is SignalKind.TYPING else Permission.READ_CONVERSATIONS
        await self._require(actor, conversation_id, needed)
        now = self._clock().timestamp()
        until = now + LASTS[kind] if kind in LASTS else 0
        who = _who(actor)
        keys = [f"{PREFIX}{conversation_id}:{kind}:{who}", f"{PREFIX}{conversation_id}"]
        told = encode([conversation_id, who, kind, until])
        await quietly(self._tell(keys=keys, args=[until, who, str(kind), told, now]))

    async def viewers(self, actor: Actor, conversation_ids: Sequence[UUID]) -> Sequence[Sequence[Viewer]]:
        """For each conversation who else is there, in one round trip for all; nobody, for customers."""
        if actor.kind is ActorKind.CUSTOMER:
            return [[] for _ in conversation_ids]
        standing = await self._standing(conversation_ids)
        return [_viewers([signal for signal in signals if shown(signal, actor)]) for signals in standing]

    async def follow(self, actor: Actor, conversation_id: UUID) -> AsyncGenerator[Signal, None]:
        """What others do, first what holds at this moment."""
        await self._require(actor, conversation_id, Permission.READ_CONVERSATIONS)
        looked_at = monotonic()
        mailbox: asyncio.Queue[Signal] = asyncio.Queue(MAILBOX)
        self._mailboxes[conversation_id].add(mailbox)
        try:
            await self._listen()
            [waiting] = await self._standing([conversation_id])
            while True:
                for signal in waiting:
                    if told := shown(signal, actor):
                        if monotonic() > looked_at + LOOK_EVERY:
                            await self._require(actor, conversation_id, Permission.READ_CONVERSATIONS)
                            looked_at = monotonic()
                        yield told
                waiting = [await mailbox.get()]
        finally:
            self._mailboxes[conversation_id].discard(mailbox)
            if not self._mailboxes[conversation_id]:
                del self._mailboxes[conversation_id]

    def heard(self, message: bytes) -> None:
        """Hand a signal to whoever follows its conversation here."""
        conversation_id, who, kind, until = orjson.loads(message)
        for mailbox in self._mailboxes.get(UUID(conversation_id), ()):
            if not mailbox.full():
                mailbox.put_nowait(_signal(UUID(conversation_id), f"{kind} {who}", until))

    async def _listen(self) -> None:
        """Begin to hear, if nobody did before; without Redis go on after a moment, deaf until it is back."""
        if self._listening is None:
            listener = Listener(self._redis, {CHANNEL: self.heard}, back=self._ready.set)
            self._listening = asyncio.create_task(listener.run())
            self._stack.push_async_callback(end, [self._listening], patience=0.5)
        try:
            async with asyncio.timeout(READY_WITHIN):
                await self._ready.wait()
        except TimeoutError:
            return

    async def _standing(self, conversation_ids: Sequence[UUID]) -> Sequence[Sequence[Signal]]:
        """What holds at this moment in each of them."""
        now = self._clock().timestamp()
        pipe = self._redis.pipeline(transaction=False)
        for conversation_id in conversation_ids:
            pipe.zrangebyscore(f"{PREFIX}{conversation_id}", now, "+inf", withscores=True)
        found = await quietly(pipe.execute()) or [()] * len(conversation_ids)
        return [
            [_signal(conversation_id, member.decode(), until) for member, until in members]
            for conversation_id, members in zip(conversation_ids, found, strict=True)
        ]

    async def _require(self, actor: Actor, conversation_id: UUID, permission: Permission) -> None:
        c = conversations.c
        wanted = select(c.id).where(c.id == conversation_id, reached(actor, permission))
        async with self._database.tenant(actor.tenant) as connection:
            if await connection.scalar(wanted) is None:
                raise NotFoundError("conversation")


def _who(actor: Actor) -> str:
    return f"agent:{actor.identity}" if actor.is_staff else "customer"


def _signal(conversation_id: UUID, member: str, until: float) -> Signal:
    """From a member such as `typing agent:6f1c…`."""
    kind, _, who = member.partition(" ")
    _, _, agent = who.partition(":")
    return Signal(
        conversation_id=conversation_id,
        kind=SignalKind(kind),
        is_staff=bool(agent),
        agent_id=UUID(agent) if agent else None,
        until=datetime.fromtimestamp(until, UTC) if until else None,
    )


def _viewers(signals: Sequence[Signal]) -> Sequence[Viewer]:
    """One for each who is there; who types is there."""
    typing = {signal.agent_id for signal in signals if signal.kind is SignalKind.TYPING}
    there: dict[UUID | None, Any] = dict.fromkeys(signal.agent_id for signal in signals)
    return [Viewer(agent_id, agent_id in typing) for agent_id in there]
