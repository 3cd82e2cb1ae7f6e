"""Every page of the web app, once: what is looked at for accessibility, and what screenshots are taken of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its address, with ids for `{conversation}`, `{customer}` and `{article}`, and whether anybody sees it."""

    path: str
    is_open: bool = False

    @property
    def name(self) -> str:
        """Its address as a name of a file."""
        return self.path.strip("/").translate(str.maketrans("/?=&{}", "------", "{}")) or "start"


DOORS = tuple(
    Place(path, is_open=True)
    for path in (
        "/sign-in",
        "/forgot-password",
        "/reset-password?token=none",
        "/verify?token=none",
        "/accept-invitation?token=none",
        "/sign-up",
        "/demo",
    )
)
DESK = tuple(
    Place(path)
    for path in (
        "/inbox/open",
        "/inbox/snoozed",
        "/inbox/open/{conversation}",
        "/queue",
        "/search?q=return",
        "/customers",
        "/customers/{customer}",
        "/start",
        "/me",
        "/me/security",
        "/me/notifications",
        "/nowhere",
    )
)
ADVICE = tuple(
    Place(path)
    for path in (
        "/knowledge",
        "/knowledge/articles/{article}",
        "/knowledge/try",
        "/knowledge/gaps",
        "/knowledge/curated",
        "/knowledge/import",
        "/knowledge/sources",
        "/assistant/approvals",
        "/assistant/instructions",
        "/assistant/instructions/new",
        "/assistant/confidence",
        "/assistant/tools",
        "/assistant/suites",
        "/assistant/budgets",
        "/assistant/spending",
        "/assistant/mcp",
        "/analytics/overview",
        "/analytics/now",
        "/analytics/people",
        "/analytics/answers",
        "/analytics/channels",
        "/analytics/exports",
        "/analytics/ratings",
    )
)
SETTINGS = tuple(
    Place(f"/settings/{name}")
    for name in (
        "organization",
        "members",
        "roles",
        "teams",
        "inboxes",
        "hours",
        "providers",
        "identity-keys",
        "api-keys",
        "audit",
        "tags",
        "macros",
        "automation",
        "automation/new",
        "attributes",
        "channels",
        "deliveries",
        "failed-jobs",
        "routing",
        "service-levels",
        "surveys",
        "webhooks",
        "widget",
    )
)
PLACES = DOORS + DESK + ADVICE + SETTINGS
