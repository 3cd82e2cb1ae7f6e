"""A worker process: relays the journal, sweeps for lost work, and runs jobs."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
import uvloop

from domain.assistant import Assistant
from infra import bootstrap
from workers.acting import MailCode, SettleAction, lapse
from workers.analytics import keep_counted
from workers.answering import AnswerQuestion
from workers.assisting import ClassifyConversation, SummarizeConversation
from workers.desk.table import desk_chores, desk_jobs
from workers.embedding import EmbedKnowledge, keep_embedded
from workers.exporting import ForgetExport, ForgetWords, WriteExport
from workers.gaps import CollectMiss, ReviewGaps, ThenReview
from workers.importing import ImportDocuments
from workers.indexing import IndexArticle, TrainKnowledge
from workers.inviting import MailInvitation
from workers.mailing import MailPerson
from workers.merging import FollowVisitor
from workers.rehearsing import RehearseSuite
from workers.relay import keep_leases, prune, relay, sweep
from workers.runner import Job, Runner
from workers.watching import watch_logins

log = structlog.get_logger(__name__)


def jobs_of(parts: bootstrap.Parts, assistant: Assistant | None) -> dict[str, Job]:
    """All jobs by their names in the table of subscribers."""
    reading, gaps = parts.reading, parts.assistants.learning.gaps
    index = IndexArticle(reading.indexing, reading.training, reading.reembedding)
    train = TrainKnowledge(reading.training, reading.reembedding)
    return {
        "answer_question": AnswerQuestion(bootstrap.answers(parts, assistant)),
        "import_documents": ImportDocuments(parts.knowledge.imports),
        "embed_knowledge": EmbedKnowledge(parts.reading.reembedding),
        "index_article": ThenReview(index, gaps, reading.training.catalog),
        "follow_visitor": FollowVisitor(parts.access.customers),
        "mail_person": MailPerson(parts.post),
        "mail_invitation": MailInvitation(parts.invitation_post),
        "rehearse_suite": RehearseSuite(parts.assistants.learning.runs.by(assistant)),
        "settle_action": SettleAction(parts.assistants.tools.actions),
        "mail_code": MailCode(parts.assistants.tools.proofs),
        "collect_miss": CollectMiss(gaps),
        "review_gaps": ReviewGaps(gaps),
        "classify_conversation": ClassifyConversation(parts.assistants.assist),
        "summarize_conversation": SummarizeConversation(parts.assistants.assist),
        "train_knowledge": ThenReview(train, gaps, reading.training.catalog),
        "write_export": WriteExport(parts.doors.exports),
        "forget_export": ForgetExport(parts.doors.exports),
        "forget_words": ForgetWords(parts.doors.exports),
        **desk_jobs(parts.desk),
    }


async def work(settings: bootstrap.Settings, *, assistant: Assistant | None = None) -> None:
    """Work until cancelled."""
    async with bootstrap.working(settings) as parts:
        runner = Runner(parts.jobs, jobs_of(parts, assistant), bootstrap.following_event)
        chores: tuple[Callable[[], Awaitable[None]], ...] = (
            partial(relay, parts.journal, parts.jobs),
            partial(sweep, parts.jobs),
            partial(keep_leases, parts.jobs),
            partial(keep_embedded, parts.reading.reembedding),
            partial(prune, parts.pruning),
            partial(lapse, parts.assistants.tools.actions),
            partial(watch_logins, parts.doors.sql_logins),
            partial(bootstrap.heartbeat, parts),
            partial(keep_counted, parts.counting.facts, parts.counting.rollups),
            *desk_chores(parts.desk),
        )
        async with bootstrap.background(*chores):
            log.info("worker.ready")
            await parts.queue.work(runner, concurrency=settings.worker_concurrency)


async def until_stopped(settings: bootstrap.Settings) -> None:
    """Work until the process is asked to stop; jobs that are running then go back to the others."""
    task = asyncio.create_task(work(settings))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        log.info("worker.stopped")


def main() -> None:
    """The entry of `python -m workers.main`."""
    settings = bootstrap.settings("parley-worker")
    with bootstrap.serving_own_metrics(settings):
        uvloop.run(until_stopped(settings))


if __name__ == "__main__":
    main()
