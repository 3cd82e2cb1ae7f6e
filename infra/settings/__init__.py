"""Every setting of Parley, read from `PARLEY_…` variables and `.env` here and nowhere else."""

from infra.settings.fields import Settings
from infra.settings.names import SettingsError, variable
from infra.settings.reading import load, load_or_exit, sends_traces, shown_default, stop, warnings

__all__ = [
    "Settings",
    "SettingsError",
    "load",
    "load_or_exit",
    "sends_traces",
    "shown_default",
    "stop",
    "variable",
    "warnings",
]
