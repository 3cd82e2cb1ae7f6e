"""What variables are called, and what is said where one of them allows no start."""

PREFIX = "PARLEY_"


class SettingsError(Exception):
    """The settings do not allow a start; the message is one sentence for each mistake, made for a person."""


def variable(name: str) -> str:
    """The environment variable of a field."""
    return PREFIX + name.upper()
