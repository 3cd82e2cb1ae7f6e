"""The tables of what the assistant learns from: curated answers, gaps, suites with their test cases, and runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import Vector
from sqlalchemy import Column, Float, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, flag, ids, integer, json, moment, parent, table, texts, words


def _vector() -> Any:
    """Of any length: the model that made it is named beside it, and vectors of different models are never compared."""
    return Field(sa_column=Column(Vector(), nullable=True), default=None)


class CuratedAnswerRow(SQLModel, table=True):
    """An answer that people wrote; `conversation_id` is where it was learned, if anywhere."""

    __tablename__ = "curated_answer"
    __table_args__ = (Index("curated_answer_organization", "organization_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    questions: list[str] = texts()
    text: str = words()
    article_ids: list[UUID] = ids()
    enabled: bool = flag()
    conversation_id: UUID | None = parent("conversation", nullable=True)
    version: int = count()
    created_at: datetime = moment()


class CuratedQuestionRow(SQLModel, table=True):
    """One way of asking for a curated answer, with its vector by the model that is named."""

    __tablename__ = "curated_question"
    __table_args__ = (Index("curated_question_organization", "organization_id"),)
    curated_answer_id: UUID = parent("curated_answer", key=True, on_delete="CASCADE")
    ordinal: int = integer(key=True)
    organization_id: UUID = parent("organization")
    text: str = words()
    model: str = words()
    embedding: Any = _vector()


class GapRow(SQLModel, table=True):
    """Questions alike that found no good answer; `embedding` is their mean."""

    __tablename__ = "gap"
    __table_args__ = (Index("gap_organization", "organization_id", "state", "size", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    label: str = words()
    state: str = words()
    size: int = integer()
    confidence: float = Field(sa_column=Column(Float, nullable=False))
    last_seen_at: datetime = moment()
    model: str = words()
    embedding: Any = _vector()
    version: int = count()
    created_at: datetime = moment()


class GapQuestionRow(SQLModel, table=True):
    """A question of a gap: the customer's message, and why it counts as unanswered."""

    __tablename__ = "gap_question"
    __table_args__ = (
        Index("gap_question_gap", "gap_id", "asked_at"),
        Index("gap_question_conversation", "conversation_id"),
    )
    message_id: UUID = parent("message", key=True)
    organization_id: UUID = parent("organization")
    gap_id: UUID = parent("gap", on_delete="CASCADE")
    conversation_id: UUID = parent("conversation")
    reason: str = words()
    asked_at: datetime = moment()
    embedding: Any = _vector()


class SuiteRow(SQLModel, table=True):
    """Test cases that belong together; at most one suite of an organization is its gate."""

    __tablename__ = "suite"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        Index("suite_gate", "organization_id", unique=True, postgresql_where=text("is_gate")),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    trials: int = integer()
    is_gate: bool = flag()
    version: int = count()
    created_at: datetime = moment()


class TestCaseRow(SQLModel, table=True):
    """A question or a dialogue, and what is expected of the answer."""

    __tablename__ = "test_case"
    __table_args__ = (Index("test_case_suite", "suite_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    suite_id: UUID = parent("suite", on_delete="CASCADE")
    name: str = words()
    critical: bool = flag()
    script: dict[str, Any] = json(nullable=False)
    conversation_id: UUID | None = parent("conversation", nullable=True)
    version: int = count()
    created_at: datetime = moment()


class SuiteRunRow(SQLModel, table=True):
    """One run of a suite: of which cases as they were then, by which prompt, model and knowledge, and how it went."""

    __tablename__ = "suite_run"
    __table_args__ = (Index("suite_run_suite", "suite_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    suite_id: UUID = parent("suite", on_delete="CASCADE")
    state: str = words()
    trials: int = integer()
    cases: list[dict[str, Any]] = json(nullable=False)
    prompt_number: int | None = integer(nullable=True)
    model: str = words()
    knowledge: str = words()
    done: int = integer()
    passed: int = integer()
    rates: list[dict[str, Any]] = json(nullable=False)
    version: int = count()
    created_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)


class TrialRow(SQLModel, table=True):
    """One answer to one test case of a run, and what was wrong with it."""

    __tablename__ = "trial"
    run_id: UUID = parent("suite_run", key=True, on_delete="CASCADE")
    case_id: UUID = Field(primary_key=True)
    number: int = integer(key=True)
    organization_id: UUID = parent("organization")
    passed: bool = flag()
    failures: list[str] = texts()
    outcome: str = words()
    text: str = words()
    cited: list[str] = texts()
    model: str = words()
    took_ms: float = Field(sa_column=Column(Float, nullable=False))
    created_at: datetime = moment()


class ArticleOriginRow(SQLModel, table=True):
    """The conversation that an article was written from."""

    __tablename__ = "article_origin"
    article_id: UUID = parent("article", key=True, on_delete="CASCADE")
    organization_id: UUID = parent("organization")
    conversation_id: UUID = parent("conversation")


curated_answers = table(CuratedAnswerRow)
curated_questions = table(CuratedQuestionRow)
gaps = table(GapRow)
gap_questions = table(GapQuestionRow)
suites = table(SuiteRow)
test_cases = table(TestCaseRow)
suite_runs = table(SuiteRunRow)
trials = table(TrialRow)
article_origins = table(ArticleOriginRow)
