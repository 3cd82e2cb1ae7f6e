"""The root fields about the desk, part by part."""

from collections.abc import Callable, Mapping
from typing import Any

from resolvers.bi.export import ExportMutation, ExportQuery, ExportSubscription
from resolvers.bi.login import SqlLoginMutation, SqlLoginQuery
from resolvers.channels.channel import ChannelMutation, ChannelQuery
from resolvers.collaboration.draft import DraftMutation
from resolvers.collaboration.file import FileMutation
from resolvers.collaboration.note import NoteMutation
from resolvers.collaboration.signal import SignalMutation, SignalSubscription
from resolvers.desk.survey import SurveyMutation, SurveyQuery
from resolvers.desk.widget import WidgetMutation, WidgetQuery
from resolvers.finding.customer import CustomerMutation, CustomerQuery
from resolvers.finding.search import SearchQuery
from resolvers.levels.level import LevelMutation, LevelQuery
from resolvers.levels.rule import RuleMutation, RuleQuery
from resolvers.news.delivery import DeliveryMutation, DeliveryQuery
from resolvers.news.notification import NotificationMutation, NotificationQuery, NotificationSubscription
from resolvers.privacy.request import PrivacyMutation, PrivacyQuery
from resolvers.routing.routing import RoutingMutation, RoutingQuery, RoutingSubscription
from resolvers.triage.labels import LabelMutation, LabelQuery
from resolvers.triage.macros import MacroMutation, MacroQuery
from resolvers.triage.sorting import SortingMutation
from resolvers.triage.views import ViewMutation, ViewQuery, ViewSubscription
from resolvers.webhooks.replay import ReplayQuery
from resolvers.webhooks.webhook import WebhookMutation, WebhookQuery
from schema.base import Node
from schema.bi.export import Export
from schema.bi.login import SqlLogin
from schema.channels.channel import ChannelAccount
from schema.collaboration.file import File
from schema.collaboration.note import Note
from schema.desk.survey import Survey
from schema.levels.level import ServiceLevelPolicy
from schema.levels.rule import Rule, RuleRun
from schema.news.delivery import Delivery
from schema.news.notification import Notification
from schema.privacy.request import PrivacyRequest
from schema.triage.attribute import AttributeDefinition
from schema.triage.macro import Macro
from schema.triage.tag import Tag
from schema.triage.view import View
from schema.webhooks.webhook import Webhook

DESK_QUERIES: tuple[type, ...] = (
    LabelQuery,
    ViewQuery,
    MacroQuery,
    SearchQuery,
    CustomerQuery,
    RoutingQuery,
    ChannelQuery,
    LevelQuery,
    RuleQuery,
    SurveyQuery,
    WidgetQuery,
    ReplayQuery,
    WebhookQuery,
    NotificationQuery,
    DeliveryQuery,
    PrivacyQuery,
    ExportQuery,
    SqlLoginQuery,
)
DESK_MUTATIONS: tuple[type, ...] = (
    CustomerMutation,
    RoutingMutation,
    ChannelMutation,
    FileMutation,
    NoteMutation,
    DraftMutation,
    SignalMutation,
    LevelMutation,
    RuleMutation,
    SurveyMutation,
    WidgetMutation,
    WebhookMutation,
    NotificationMutation,
    DeliveryMutation,
    PrivacyMutation,
    MacroMutation,
    SortingMutation,
    ViewMutation,
    LabelMutation,
    ExportMutation,
    SqlLoginMutation,
)
DESK_SUBSCRIPTIONS: tuple[type, ...] = (
    ViewSubscription,
    RoutingSubscription,
    SignalSubscription,
    NotificationSubscription,
    ExportSubscription,
)
DESK_NODES: Mapping[str, tuple[str, Callable[[Any], Node]]] = {
    "Delivery": ("deliveries", Delivery.of),
    "Notification": ("notifications", Notification.of),
    "ChannelAccount": ("channel_accounts", ChannelAccount.of),
    "File": ("files", File.of),
    "Note": ("notes", Note.of),
    "Rule": ("rules", Rule.of),
    "RuleRun": ("rule_runs", RuleRun.of),
    "ServiceLevelPolicy": ("service_level_policies", ServiceLevelPolicy.of),
    "Survey": ("surveys", Survey.of),
    "Tag": ("tags", Tag.of),
    "AttributeDefinition": ("attribute_definitions", AttributeDefinition.of),
    "View": ("views", View.of),
    "Macro": ("macros", Macro.of),
    "Webhook": ("webhooks", Webhook.of),
    "PrivacyRequest": ("privacy_requests", PrivacyRequest.of),
    "Export": ("exports", Export.of),
    "SqlLogin": ("sql_logins", SqlLogin.of),
}
"""For each type with an id: the loader that finds it, for those who may see it, and how it is made."""
