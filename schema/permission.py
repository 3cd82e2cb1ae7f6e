"""Permissions and scopes as clients see them, and grants, which are both together."""

from collections.abc import Iterable

import strawberry

from domain.account.permission import PERMISSIONS, Grants, Permission, Scope
from domain.base import FieldProblem, InvalidInputError

strawberry.enum(Scope, name="PermissionScope", description="How far a permission reaches: `OWN` < `TEAM` < `ALL`.")
strawberry.enum(Permission, description="What somebody can be allowed to do.")
for _value in Permission.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = f"`{_value.value}`: {PERMISSIONS[_value.value]}"


@strawberry.type(description="A permission, and how far it reaches.")
class Grant:
    """One right."""

    permission: Permission = strawberry.field(description="What is allowed.")
    scope: Scope = strawberry.field(description="How far.")


@strawberry.input(description="A permission to give, and how far it is to reach.")
class GrantInput:
    """One right to give."""

    permission: Permission = strawberry.field(description="What is to be allowed.")
    scope: Scope = strawberry.field(description="How far; most permissions reach `ALL` or are not given.")


def shown(grants: Grants) -> list[Grant]:
    """Grants in the order of the table of permissions."""
    return [Grant(permission=each, scope=grants[each]) for each in Permission if each in grants]


def given(grants: Iterable[GrantInput], path: str = "input.grants") -> Grants:
    """The grants of an input; `InvalidInputError` where a permission is in it twice."""
    found: dict[Permission, Scope] = {}
    for place, grant in enumerate(grants):
        if grant.permission in found:
            raise InvalidInputError(FieldProblem(f"{path}.{place}", "This permission is in the list already."))
        found[grant.permission] = grant.scope
    return found
