"""The jobs and the chores of the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from domain.desk.desk import Desk
from workers.desk.automating import RunRules
from workers.desk.carrying import carry, forget
from workers.desk.draining import Coalesced, DrainQueue, keep_drained
from workers.desk.filing import CheckFile, ForgetUpload
from workers.desk.leveling import FollowAllServiceLevels, FollowServiceLevels, TellAbsence
from workers.desk.looking import fetch, ring, take_in
from workers.desk.notifying import NotifyPeople, SendNotifications
from workers.desk.sending import SendByChannel
from workers.desk.sorting import NameConversation, WakeConversation
from workers.desk.surveying import AskSurvey, RemindSurvey
from workers.fulfilling import ForgetExport, FulfilPrivacyRequest
from workers.runner import Job


def desk_jobs(desk: Desk) -> dict[str, Job]:
    """Its jobs by their names in the table of subscribers."""
    return {
        "fulfil_privacy_request": FulfilPrivacyRequest(desk.privacy.fulfilment),
        "forget_customer_export": ForgetExport(desk.privacy.fulfilment),
        "send_by_channel": SendByChannel(desk.channels.sending),
        "wake_conversation": WakeConversation(desk.triage.sorting),
        "name_conversation": NameConversation(desk.triage.subjects),
        "drain_queue": DrainQueue(Coalesced(desk.routing.drain)),
        "check_file": CheckFile(desk.files),
        "forget_upload": ForgetUpload(desk.files),
        "tell_absence": TellAbsence(desk.absence),
        "run_rules": RunRules(desk.automation),
        "follow_service_levels": FollowServiceLevels(desk.levels),
        "follow_all_service_levels": FollowAllServiceLevels(desk.levels),
        "notify_people": NotifyPeople(desk.notifications),
        "send_notifications": SendNotifications(desk.notifications),
        "ask_survey": AskSurvey(desk.surveys),
        "remind_survey": RemindSurvey(desk.surveys),
    }


def desk_chores(desk: Desk) -> Sequence[Callable[[], Awaitable[None]]]:
    """What a worker does all the time beside its jobs."""
    return (
        partial(ring, desk.clockwork),
        partial(take_in, desk.backlog),
        partial(carry, desk.carriage, desk.posted),
        partial(forget, desk.old_news),
        partial(fetch, desk.channels.mailboxes),
        desk.channels.forwarding.run,
        partial(keep_drained, desk.routing),
        desk.posted.run,
    )
