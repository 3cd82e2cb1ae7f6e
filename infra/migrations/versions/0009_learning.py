"""What the assistant learns from: curated answers, gaps, test cases, suites and their runs.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE curated_answer (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  questions TEXT[] NOT NULL,
  text TEXT NOT NULL,
  article_ids UUID[] NOT NULL,
  enabled BOOLEAN NOT NULL,
  conversation_id UUID,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id)
);
CREATE INDEX curated_answer_organization ON curated_answer (organization_id, created_at, id);
CREATE TABLE curated_question (
  curated_answer_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  organization_id UUID NOT NULL,
  text TEXT NOT NULL,
  model TEXT NOT NULL,
  embedding VECTOR,
  PRIMARY KEY (curated_answer_id, ordinal),
  FOREIGN KEY(curated_answer_id) REFERENCES curated_answer (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX curated_question_organization ON curated_question (organization_id);
CREATE TABLE gap (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  label TEXT NOT NULL,
  state TEXT NOT NULL,
  size INTEGER NOT NULL,
  confidence FLOAT NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  model TEXT NOT NULL,
  embedding VECTOR,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX gap_organization ON gap (organization_id, state, size, id);
CREATE TABLE gap_question (
  message_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  gap_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  reason TEXT NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  embedding VECTOR,
  PRIMARY KEY (message_id),
  FOREIGN KEY(message_id) REFERENCES message (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(gap_id) REFERENCES gap (id) ON DELETE CASCADE,
  FOREIGN KEY(conversation_id) REFERENCES conversation (id)
);
CREATE INDEX gap_question_conversation ON gap_question (conversation_id);
CREATE INDEX gap_question_gap ON gap_question (gap_id, asked_at);
CREATE TABLE suite (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  trials INTEGER NOT NULL,
  is_gate BOOLEAN NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE UNIQUE INDEX suite_gate ON suite (organization_id) WHERE is_gate;
CREATE TABLE test_case (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  suite_id UUID NOT NULL,
  name TEXT NOT NULL,
  critical BOOLEAN NOT NULL,
  script JSONB NOT NULL,
  conversation_id UUID,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(suite_id) REFERENCES suite (id) ON DELETE CASCADE,
  FOREIGN KEY(conversation_id) REFERENCES conversation (id)
);
CREATE INDEX test_case_suite ON test_case (suite_id, created_at, id);
CREATE TABLE suite_run (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  suite_id UUID NOT NULL,
  state TEXT NOT NULL,
  trials INTEGER NOT NULL,
  cases JSONB NOT NULL,
  prompt_number INTEGER,
  model TEXT NOT NULL,
  knowledge TEXT NOT NULL,
  done INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  rates JSONB NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(suite_id) REFERENCES suite (id) ON DELETE CASCADE
);
CREATE INDEX suite_run_suite ON suite_run (suite_id, created_at, id);
CREATE TABLE trial (
  run_id UUID NOT NULL,
  case_id UUID NOT NULL,
  number INTEGER NOT NULL,
  organization_id UUID NOT NULL,
  passed BOOLEAN NOT NULL,
  failures TEXT[] NOT NULL,
  outcome TEXT NOT NULL,
  text TEXT NOT NULL,
  cited TEXT[] NOT NULL,
  model TEXT NOT NULL,
  took_ms FLOAT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (run_id, case_id, number),
  FOREIGN KEY(run_id) REFERENCES suite_run (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE article_origin (
  article_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  PRIMARY KEY (article_id),
  FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id)
)
"""

# In the order in which they refer to each other.
NAMES = [
    "curated_answer",
    "curated_question",
    "gap",
    "gap_question",
    "suite",
    "test_case",
    "suite_run",
    "trial",
    "article_origin",
]


def upgrade() -> None:
    """Make the tables, each closed to other tenants."""
    for statement in TABLES.split(";\n"):
        op.execute(statement.strip())
    for name in NAMES:
        close(name)


def downgrade() -> None:
    """Take the tables away."""
    for name in reversed(NAMES):
        op.execute(f"DROP TABLE {name}")
