"""From the journal to jobs and live readers: what each event sets in motion is in one table."""

from __future__ import annotations

import asyncio

import structlog

from domain.account import events as account
from domain.base import STAFF, Event, UnavailableError
from domain.conversation import events as conversation
from domain.customer import events as customer
from domain.export import events as export
from domain.file import file
from domain.knowledge import events as knowledge
from domain.learning import events as learning
from domain.ports import Jobs, Journal, Pruning
from domain.privacy import request as privacy
from domain.survey import survey
from domain.tool import events as tool
from domain.triage import events as triage
from workers.desk.following import FOLLOWERS

SUBSCRIBERS: dict[type[Event], tuple[str, ...]] = {
    conversation.MessageSent: ("answer_question",),
    conversation.AnswerCompleted: ("collect_miss", "classify_conversation", "name_conversation"),
    conversation.AnswerRated: ("collect_miss",),
    conversation.HandoffRequested: (
        "collect_miss",
        "classify_conversation",
        "summarize_conversation",
        "name_conversation",
    ),
    conversation.ConversationTakenOver: ("summarize_conversation",),
    conversation.ConversationResolved: ("summarize_conversation", "ask_survey"),
    knowledge.ImportStarted: ("import_documents",),
    knowledge.ImportProgressed: ("import_documents",),
    knowledge.ImportFinished: ("train_knowledge",),
    knowledge.ImportStopped: ("train_knowledge",),
    knowledge.ArticlePublished: ("index_article",),
    knowledge.ArticleUnpublished: ("train_knowledge",),
    knowledge.ArticleDeleted: ("train_knowledge",),
    knowledge.EmbeddingsChosen: ("embed_knowledge",),
    learning.CuratedAnswerCreated: ("review_gaps",),
    learning.CuratedAnswerChanged: ("review_gaps",),
    learning.CuratedAnswerEnabled: ("review_gaps",),
    learning.SuiteRunStarted: ("rehearse_suite",),
    learning.SuiteRunProgressed: ("rehearse_suite",),
    triage.SnoozeEnded: ("wake_conversation",),
    file.FileUploaded: ("check_file",),
    file.UploadLapsed: ("forget_upload",),
    export.ExportRequested: ("write_export",),
    export.ExportBegun: ("write_export",),
    export.ExportProgressed: ("write_export",),
    export.ExportFailed: ("forget_export",),
    export.ExportCancelled: ("forget_export",),
    export.ExportLapsed: ("forget_export",),
    customer.CustomerErased: ("forget_words",),
    tool.ActionApproved: ("settle_action",),
    tool.ActionRejected: ("settle_action",),
    tool.ActionExpired: ("settle_action",),
    tool.CodeRequested: ("mail_code",),
    survey.SurveyDue: ("ask_survey",),
    survey.SurveyReminderDue: ("remind_survey",),
    privacy.PrivacyRequestDue: ("fulfil_privacy_request",),
    privacy.PrivacyExportExpired: ("forget_customer_export",),
    account.InvitationCreated: ("mail_invitation",),
    account.InvitationResent: ("mail_invitation",),
    account.CustomerMerged: ("follow_visitor",),
    account.PasswordResetRequested: ("mail_person",),
    account.VerificationRequested: ("mail_person",),
    account.PasswordChanged: ("mail_person",),
}
"""Which jobs an event calls for; live readers are told of every event."""
BY_STAFF: dict[type[Event], tuple[str, ...]] = {conversation.MessageSent: ("summarize_conversation",)}
"""Which further ones it calls for where an agent or an admin did it: nothing here is on a customer's way."""

POLL_EVERY = 1.0
SWEEP_EVERY = 1.0
LEASES_EVERY = 1.5
PRUNE_EVERY = 3600.0

log = structlog.get_logger(__name__)


def plan() -> dict[str, tuple[str, ...]]:
    """The table by the names that the journal stores."""
    by_staff = {f"{event.__name__} by {kind}": jobs for event, jobs in BY_STAFF.items() for kind in STAFF}
    by_event = {event.__name__: jobs for event, jobs in SUBSCRIBERS.items()}
    for job, followed in FOLLOWERS.items():
        for event in followed:
            by_event[event.__name__] = (*by_event.get(event.__name__, ()), job)
    return by_staff | by_event


async def relay(journal: Journal, jobs: Jobs) -> None:
    """Deliver what is committed, until cancelled: woken by commits, and every second in case a wake-up got lost."""
    subscribers = plan()
    while True:
        try:
            delivered = await journal.deliver(subscribers)
            await jobs.enqueue(delivered.jobs)
        except UnavailableError:
            log.warning("relay.database_away")
            await asyncio.sleep(0.2)
            continue
        if not delivered.events:
            await journal.woken(within=POLL_EVERY)


async def sweep(jobs: Jobs) -> None:
    """Find work that got lost on the way or whose worker died, until cancelled."""
    while True:
        await asyncio.sleep(SWEEP_EVERY)
        try:
            await jobs.enqueue(await jobs.overdue())
        except UnavailableError:
            log.warning("sweep.database_away")


async def keep_leases(jobs: Jobs) -> None:
    """Keep the leases of the jobs that run here, until cancelled."""
    while True:
        await asyncio.sleep(LEASES_EVERY)
        try:
            await jobs.extend()
        except UnavailableError:
            log.warning("leases.database_away")


async def prune(pruning: Pruning) -> None:
    """Forget what was kept for a while only, until cancelled; of several workers that do, one finds something."""
    while True:
        try:
            if forgotten := await pruning.prune():
                log.info("prune.forgotten", idempotency_keys=forgotten)
        except UnavailableError:
            log.warning("prune.database_away")
        await asyncio.sleep(PRUNE_EVERY)
