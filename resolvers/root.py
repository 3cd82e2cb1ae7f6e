"""The schema: all root fields, and the one table that turns domain errors into data."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from resolvers.access import AccessMutation, AccessQuery
from resolvers.account import AccountMutation, AccountQuery
from resolvers.analytics.root import AnalyticsQuery, AnalyticsSubscription
from resolvers.assist import AssistMutation, AssistSubscription
from resolvers.audit import AuditQuery
from resolvers.conversation import ConversationMutation, ConversationQuery, ConversationSubscription
from resolvers.curated import CuratedMutation, CuratedQuery
from resolvers.desk.root import DESK_MUTATIONS, DESK_QUERIES, DESK_SUBSCRIPTIONS
from resolvers.invitation import InvitationMutation, InvitationQuery
from resolvers.job import JobMutation, JobQuery
from resolvers.knowledge import KnowledgeMutation, KnowledgeQuery, KnowledgeSubscription
from resolvers.learning import LearningMutation, LearningQuery
from resolvers.node import NodeQuery
from resolvers.organization import OrganizationMutation, OrganizationQuery
from resolvers.person import PersonMutation
from resolvers.prompt import PromptMutation, PromptQuery
from resolvers.sign_in import SignInMutation, SignInQuery
from resolvers.spending import SpendingMutation, SpendingQuery
from resolvers.suite import SuiteMutation, SuiteQuery, SuiteSubscription
from resolvers.tool import ToolMutation, ToolQuery
from schema.errors import EXCEPTION_HANDLERS
from schema.needs import refuse_unstated
from schema.number import BIG_INT, BigInt
from schema.triage.attribute import ATTRIBUTE_VALUE, AttributeValue

Query = merge_types(
    "Query",
    (
        AccountQuery,
        OrganizationQuery,
        NodeQuery,
        ConversationQuery,
        KnowledgeQuery,
        JobQuery,
        AccessQuery,
        AuditQuery,
        InvitationQuery,
        SignInQuery,
        ToolQuery,
        CuratedQuery,
        SuiteQuery,
        LearningQuery,
        PromptQuery,
        SpendingQuery,
        AnalyticsQuery,
        *DESK_QUERIES,
    ),
)
Mutation = merge_types(
    "Mutation",
    (
        AccountMutation,
        OrganizationMutation,
        ConversationMutation,
        KnowledgeMutation,
        JobMutation,
        AccessMutation,
        InvitationMutation,
        SignInMutation,
        PersonMutation,
        ToolMutation,
        CuratedMutation,
        LearningMutation,
        SuiteMutation,
        PromptMutation,
        SpendingMutation,
        AssistMutation,
        *DESK_MUTATIONS,
    ),
)
Subscription = merge_types(
    "Subscription",
    (
        ConversationSubscription,
        KnowledgeSubscription,
        SuiteSubscription,
        AssistSubscription,
        AnalyticsSubscription,
        *DESK_SUBSCRIPTIONS,
    ),
)

refuse_unstated([Query, Mutation, Subscription])
schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    exception_handlers=EXCEPTION_HANDLERS,
    config=StrawberryConfig(relay_max_results=100, scalar_map={BigInt: BIG_INT, AttributeValue: ATTRIBUTE_VALUE}),
)
