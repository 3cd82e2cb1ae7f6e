"""What people decided about being told, from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from domain.notification.preference import Preferences

_preferences = TypeAdapter(Preferences)


def preferences_of(decided: Mapping[str, Any] | None) -> Preferences:
    """The decision; what holds for everybody where there is none."""
    return _preferences.validate_python(decided) if decided else Preferences()
