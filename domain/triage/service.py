"""Everything that people do to find their way through conversations."""

from __future__ import annotations

from dataclasses import dataclass

from domain.assist.subject import Subjects
from domain.macro.applying import Applying
from domain.macro.macro import Macros
from domain.triage.attribute import Attributes
from domain.triage.joining import Joining
from domain.triage.ports import Pulses
from domain.triage.sorting import Sorting
from domain.triage.tag import Tags
from domain.triage.view import Views


@dataclass(frozen=True)
class TriageServices:
    """The services, as the desk has them."""

    sorting: Sorting
    joining: Joining
    tags: Tags
    attributes: Attributes
    views: Views
    macros: Macros
    applying: Applying
    subjects: Subjects
    pulses: Pulses
