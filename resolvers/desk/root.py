"""The root fields about the desk, part by part."""

from collections.abc import Callable, Mapping
from typing import Any

from schema.base import Node

DESK_QUERIES: tuple[type, ...] = ()
DESK_MUTATIONS: tuple[type, ...] = ()
DESK_SUBSCRIPTIONS: tuple[type, ...] = ()
DESK_NODES: Mapping[str, tuple[str, Callable[[Any], Node]]] = {}
"""For each type with an id: the loader that finds it, for those who may see it, and how it is made."""
