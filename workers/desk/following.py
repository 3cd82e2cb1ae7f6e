"""The jobs of the desk that follow many kinds of events, each with what it follows."""

from __future__ import annotations

from domain.account import events as account
from domain.automation.rule import KINDS
from domain.base import Event
from domain.carriage.carriage import DeliveryFailed
from domain.conversation import desk_events as desk
from domain.conversation import events as conversation
from domain.conversation import triage
from domain.level import policy
from domain.level.service import ServiceLevelDue
from domain.notification.notification import TOLD, BundleDue
from domain.routing import events as routing

FOLLOWERS: dict[str, tuple[type[Event], ...]] = {
    "notify_people": TOLD,
    "send_notifications": (BundleDue,),
    "send_by_channel": (
        conversation.MessageSent,
        conversation.AnswerCompleted,
        conversation.HandoffRequested,
        DeliveryFailed,
    ),
    "follow_service_levels": (
        conversation.MessageSent,
        conversation.HandoffRequested,
        conversation.ConversationTakenOver,
        conversation.ConversationResolved,
        conversation.ConversationReopened,
        triage.PriorityChanged,
        triage.TagsChanged,
        triage.ConversationSnoozed,
        triage.ConversationWoken,
        triage.SpamMarked,
        triage.ConversationMerged,
        ServiceLevelDue,
    ),
    "tell_absence": (conversation.HandoffRequested,),
    "run_rules": tuple(dict.fromkeys(KINDS.values())),
    "follow_all_service_levels": (
        policy.ServiceLevelPolicyCreated,
        policy.ServiceLevelPolicyChanged,
        policy.ServiceLevelPolicyDeleted,
        account.OrganizationSettingsChanged,
    ),
    "drain_queue": (
        conversation.HandoffRequested,
        conversation.ConversationTakenOver,
        conversation.ConversationResolved,
        desk.OfferEnded,
        desk.ConversationReturned,
        desk.ConversationAssigned,
        triage.PriorityChanged,
        triage.ConversationWoken,
        triage.SpamMarked,
        routing.AvailabilityChanged,
        routing.AgentQualified,
        routing.InboxNeedsChanged,
        routing.RoutingPolicyChanged,
        routing.QueueDue,
        account.TeamChanged,
        account.TeamDeleted,
        account.AgentSuspended,
        account.AgentRoleAssigned,
        account.RoleChanged,
        account.OrganizationSettingsChanged,
    ),
}
