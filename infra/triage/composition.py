"""Everything about sorting conversations, put together once in a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.assist.subject import Subjects
from domain.base import Clock, Identifiers
from domain.macro.applying import Applying
from domain.macro.macro import Macros
from domain.model import LanguageModel
from domain.ports import Replies
from domain.triage.attribute import Attributes
from domain.triage.joining import Joining
from domain.triage.service import TriageServices
from domain.triage.sorting import Sorting
from domain.triage.tag import Tags
from domain.triage.view import Views
from infra.assist.asking import Asking
from infra.assist.stored import SqlDialogues
from infra.database import Database
from infra.live.hub import Hub
from infra.triage.pulses import HubPulses
from infra.triage.stored import Actions, encoded
from infra.triage.subjects import ModelSubjectWriter
from infra.unit_of_work import SqlUnits


def subjects_of(
    database: Database, units: SqlUnits, models: Mapping[str, LanguageModel], names: Sequence[str]
) -> Subjects:
    """What names conversations, by those of the models that the settings name, in their order."""
    asking = Asking([models[name] for name in names if name in models])
    return Subjects(units, SqlDialogues(database), ModelSubjectWriter(asking))


def triage_of(
    units: SqlUnits, replies: Replies, hub: Hub, subjects: Subjects, *, now: Clock, new_id: Identifiers
) -> TriageServices:
    """Make it, by plain calls."""
    actions = Actions()
    return TriageServices(
        sorting=Sorting(units, replies, now),
        joining=Joining(units, replies),
        tags=Tags(units, new_id),
        attributes=Attributes(units, new_id),
        views=Views(units, new_id, encoded),
        macros=Macros(units, new_id, actions),
        applying=Applying(units, replies, actions, now, new_id),
        subjects=subjects,
        pulses=HubPulses(hub),
    )
