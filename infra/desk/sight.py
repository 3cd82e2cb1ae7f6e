"""Everything that one actor may see of the desk: each part brings its own reads, all on one connection."""

from __future__ import annotations

from infra.automation.reads import SqlAutomationReads
from infra.channels.reads import SqlChannelReads
from infra.collaboration.reads import SqlCollaborationReads
from infra.customers.reads import SqlCustomerReads
from infra.delivery.reads import SqlDeliveryReads
from infra.files.stored import SqlFileReads
from infra.level.reads import SqlLevelReads
from infra.notifications.reads import SqlNotificationReads
from infra.privacy.stored import SqlPrivacyReads
from infra.routing.reads import SqlRoutingReads
from infra.search.reads import SqlSearchReads
from infra.surveys.stored import SqlSurveyReads
from infra.triage.reads import SqlTriageReads
from infra.webhooks.reads import SqlWebhookReads


class SqlDeskReads(
    SqlSearchReads,
    SqlCustomerReads,
    SqlRoutingReads,
    SqlChannelReads,
    SqlNotificationReads,
    SqlDeliveryReads,
    SqlTriageReads,
    SqlLevelReads,
    SqlAutomationReads,
    SqlCollaborationReads,
    SqlFileReads,
    SqlWebhookReads,
    SqlSurveyReads,
    SqlPrivacyReads,
):
    """The reads of one operation about the desk."""
