"""The repositories of the desk, as a unit of work has them."""

from __future__ import annotations

from collections.abc import Sequence

from infra.automation.stored import SqlRuleRuns, SqlRules
from infra.bi.stored import SqlSqlLogins
from infra.channels.stored import SqlChannelAccounts, SqlChannelMessages
from infra.collaboration.stored import SqlDrafts, SqlNotes
from infra.customers.contacts import SqlContacts
from infra.delivery.stored import SqlDeliveries
from infra.desk.timers import SqlTimers
from infra.exports.stored import SqlExports
from infra.files.stored import SqlFiles
from infra.level.stored import SqlLevels, SqlPolicies
from infra.notifications.stored import SqlNotificationBook
from infra.privacy.erasing import SqlErasure
from infra.privacy.stored import SqlPrivacyRequests
from infra.repositories import Repository, Unit
from infra.routing.floor import SqlAvailabilities, SqlFloor, SqlInboxNeeds, SqlRoutingPolicies
from infra.surveys.stored import SqlSurveys
from infra.triage.stored import SqlAttributes, SqlFacts, SqlMacros, SqlTags, SqlViews
from infra.webhooks.stored import SqlWebhooks


class DeskRepositories:
    """What a unit of work holds of the desk; made by `_furnish`."""

    def _furnish(self, unit: Unit) -> Sequence[Repository]:
        """Make them; those are returned that save aggregates at the end."""
        self.timers = SqlTimers(unit)
        self.tags = SqlTags(unit)
        self.attributes = SqlAttributes(unit)
        self.views = SqlViews(unit)
        self.macros = SqlMacros(unit)
        self.facts = SqlFacts(unit)
        self.channel_accounts = SqlChannelAccounts(unit)
        self.channel_messages = SqlChannelMessages(unit)
        self.levels = SqlLevels(unit)
        self.rules = SqlRules(unit)
        self.rule_runs = SqlRuleRuns(unit)
        self.level_policies = SqlPolicies(unit)
        self.files = SqlFiles(unit)
        self.notes = SqlNotes(unit)
        self.drafts = SqlDrafts(unit)
        self.contacts = SqlContacts(unit)
        self.deliveries = SqlDeliveries(unit)
        self.notifications = SqlNotificationBook(unit)
        self.floor = SqlFloor(unit)
        self.availabilities = SqlAvailabilities(unit)
        self.inbox_needs = SqlInboxNeeds(unit)
        self.routing_policies = SqlRoutingPolicies(unit)
        self.surveys = SqlSurveys(unit)
        self.webhooks = SqlWebhooks(unit)
        self.privacy_requests, self.erasure = SqlPrivacyRequests(unit), SqlErasure(unit)
        self.exports, self.sql_logins = SqlExports(unit), SqlSqlLogins(unit)
        triage = (self.tags, self.attributes, self.views, self.macros)
        routing = (self.availabilities, self.inbox_needs, self.routing_policies)
        channels = (self.channel_accounts, self.channel_messages)
        rest = (self.files, self.webhooks, self.level_policies, self.rules, self.privacy_requests)
        doors = (self.exports, self.sql_logins)
        return *triage, *routing, *channels, *doors, *rest
