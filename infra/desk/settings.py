"""The settings of the desk's parts."""

from infra.models.declared import ModelSettings

DESK_CONCEALED: frozenset[str] = frozenset()
"""Fields whose value may hold a secret: no sentence and no `repr` shows it."""


class DeskSettings(ModelSettings):
    """What can be set about files, channels and news."""
