"""The models that the settings declare, as they are asked, and the chain of assistants that they speak for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import structlog
from redis.asyncio import Redis

from domain.assistant import Assistant, Question
from domain.model import LanguageModel, ModelError
from domain.spending.ledger import Ledger
from infra.models.breaker import Breaker
from infra.models.declared import DeclaredModel
from infra.models.fallback import Fallback, Order
from infra.models.gathered import Gathered
from infra.models.limits import Guarded
from infra.models.observed import ObservedModel
from infra.process.late import Late
from infra.spending.metered import Metered

if TYPE_CHECKING:
    from infra.models import openai
else:
    openai = Late("infra.models.openai")

log = structlog.get_logger(__name__)

GATHERED_FOR = 0.04
"""Seconds: less than lies between two frames of an answer, so that no reader notices."""

Preference = Callable[[Question], Awaitable[str | None]]
"""The model that an organization wants to be asked first, None where it does not mind."""


def language_models(
    declared: Mapping[str, DeclaredModel], redis: Redis, ledger: Ledger, stack: AsyncExitStack
) -> dict[str, LanguageModel]:
    """Each model by its name: paid, watched and within its limits; none is reached before it is asked something."""
    speaking = {name: one for name, one in declared.items() if one.dimensions is None}
    return {name: _language_model(name, one, redis, ledger, stack) for name, one in speaking.items()}


def _language_model(
    name: str, declared: DeclaredModel, redis: Redis, ledger: Ledger, stack: AsyncExitStack
) -> LanguageModel:
    endpoint, limits = openai.OpenAIModel(name, declared), declared.limits
    stack.push_async_callback(endpoint.close)
    breaker = Breaker(name, redis, failures=limits.failures, rest=limits.rest, probe=limits.first_token)
    return Guarded(ObservedModel(Metered(Gathered(endpoint, GATHERED_FOR), ledger)), limits, breaker)


def chain(assistants: Mapping[str, Assistant], names: Sequence[str], preferred: Preference) -> Assistant:
    """One assistant made of those that are named, each there for the ones before it.

    An organization may prefer any of `assistants`: that one is asked first then, whether it is named or not.
    """
    if len(assistants) == 1:
        return next(iter(assistants.values()))
    return Fallback(tuple(assistants.values()), _ordered(assistants, names, preferred), _failed)


def _ordered(assistants: Mapping[str, Assistant], names: Sequence[str], preferred: Preference) -> Order:
    async def order(question: Question, _: Sequence[Assistant]) -> Sequence[Assistant]:
        first = await preferred(question)
        chosen = dict.fromkeys([first, *names] if first in assistants else names)
        return [assistants[name] for name in chosen if name]

    return order


def _failed(name: str, error: Exception) -> None:
    """An error of ours has its traceback in the log; that of a model is a line, since models fail."""
    is_models = isinstance(error, ModelError)
    log.warning("assistant.fell_back", assistant=name, error=repr(error), exc_info=None if is_models else error)
