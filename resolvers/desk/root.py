"""The root fields about the desk, part by part."""

from collections.abc import Callable, Mapping
from typing import Any

from resolvers.desk.survey import SurveyMutation, SurveyQuery
from schema.base import Node
from schema.desk.survey import Survey

DESK_QUERIES: tuple[type, ...] = (SurveyQuery,)
DESK_MUTATIONS: tuple[type, ...] = (SurveyMutation,)
DESK_SUBSCRIPTIONS: tuple[type, ...] = ()
DESK_NODES: Mapping[str, tuple[str, Callable[[Any], Node]]] = {
    "Survey": ("surveys", Survey.of),
}
"""For each type with an id: the loader that finds it, for those who may see it, and how it is made."""
