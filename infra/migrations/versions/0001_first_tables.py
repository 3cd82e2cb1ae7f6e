"""The first tables, their row security and the two roles that work on them.

Revision ID: 0001
Revises:
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE organization (
  id UUID NOT NULL,
  name TEXT NOT NULL,
  slug TEXT NOT NULL,
  settings JSONB NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (slug)
);
CREATE TABLE agent (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE customer (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE event (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  organization_id UUID NOT NULL,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  payload JSONB NOT NULL,
  actor TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  correlation_id TEXT NOT NULL,
  traceparent TEXT,
  delivered_position BIGINT,
  PRIMARY KEY (id),
  UNIQUE (stream, version),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX event_organization_position ON event (organization_id, delivered_position);
CREATE UNIQUE INDEX event_position ON event (delivered_position) WHERE delivered_position IS NOT NULL;
CREATE INDEX event_undelivered ON event (id) WHERE delivered_position IS NULL;
CREATE TABLE idempotency_key (
  organization_id UUID NOT NULL,
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  result JSONB NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (organization_id, actor, key),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE knowledge_model (
  organization_id UUID NOT NULL,
  fingerprint TEXT NOT NULL,
  weights BYTEA NOT NULL,
  metrics JSONB NOT NULL,
  trained_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (organization_id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE source (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE article (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  source_id UUID NOT NULL,
  external_id TEXT NOT NULL,
  title TEXT NOT NULL,
  audience TEXT NOT NULL,
  state TEXT NOT NULL,
  link TEXT,
  content_hash TEXT NOT NULL,
  number INTEGER NOT NULL,
  published_number INTEGER,
  version INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (source_id, external_id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(source_id) REFERENCES source (id)
);
CREATE INDEX article_title ON article (organization_id, title, id);
CREATE TABLE conversation (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  assignee_id UUID,
  state TEXT NOT NULL,
  subject TEXT NOT NULL,
  episode INTEGER NOT NULL,
  handoff_reason TEXT,
  handoff_summary TEXT,
  waiting_since TIMESTAMP WITH TIME ZONE,
  answering_id UUID,
  answering_attempt INTEGER,
  last_message_id UUID,
  message_count INTEGER NOT NULL,
  customer_message_count INTEGER NOT NULL,
  version INTEGER NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  last_activity_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(customer_id) REFERENCES customer (id),
  FOREIGN KEY(assignee_id) REFERENCES agent (id)
);
CREATE INDEX conversation_activity ON conversation (organization_id, last_activity_at, id);
CREATE INDEX conversation_customer_activity ON conversation (organization_id, customer_id, last_activity_at, id);
CREATE INDEX conversation_state_activity ON conversation (organization_id, state, last_activity_at, id);
CREATE TABLE import (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  source_id UUID NOT NULL,
  state TEXT NOT NULL,
  options JSONB NOT NULL,
  total INTEGER NOT NULL,
  counts JSONB NOT NULL,
  problems JSONB NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(source_id) REFERENCES source (id)
);
CREATE TABLE job (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  organization_id UUID NOT NULL,
  event_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  run_at TIMESTAMP WITH TIME ZONE NOT NULL,
  leased_until TIMESTAMP WITH TIME ZONE,
  worker TEXT,
  error TEXT,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (event_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(event_id) REFERENCES event (id)
);
CREATE INDEX job_due ON job (state, run_at);
CREATE INDEX job_key ON job (key, id);
CREATE INDEX job_organization ON job (organization_id, state, id);
CREATE TABLE article_version (
  article_id UUID NOT NULL,
  number INTEGER NOT NULL,
  organization_id UUID NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  questions JSONB NOT NULL,
  audience TEXT NOT NULL,
  link TEXT,
  author TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (article_id, number),
  FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE import_document (
  import_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (import_id, ordinal),
  FOREIGN KEY(import_id) REFERENCES import (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE message (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  number INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  author_kind TEXT NOT NULL,
  author_id UUID,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  question_id UUID,
  citations JSONB,
  choices JSONB,
  provenance JSONB,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (conversation_id, number),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id)
);
CREATE TABLE passage (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  article_id UUID NOT NULL,
  source_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  audience TEXT NOT NULL,
  title TEXT NOT NULL,
  headings TEXT[] NOT NULL,
  outline TEXT NOT NULL,
  text TEXT NOT NULL,
  link TEXT,
  search TSVECTOR GENERATED ALWAYS AS (
    setweight(to_tsvector('english'::regconfig, outline), 'A') || to_tsvector('english'::regconfig, text)
  ) STORED,
  embedding VECTOR(384),
  PRIMARY KEY (id),
  UNIQUE (article_id, ordinal),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE,
  FOREIGN KEY(source_id) REFERENCES source (id)
);
CREATE INDEX passage_embedding ON passage USING hnsw (embedding vector_ip_ops);
CREATE INDEX passage_search ON passage USING gin (search);
CREATE INDEX passage_source ON passage (organization_id, source_id);
CREATE INDEX passage_unembedded ON passage (organization_id, id) WHERE embedding IS NULL;
CREATE TABLE phrase (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  article_id UUID NOT NULL,
  source_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  audience TEXT NOT NULL,
  text TEXT NOT NULL,
  embedding VECTOR(384),
  PRIMARY KEY (id),
  UNIQUE (article_id, ordinal),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE,
  FOREIGN KEY(source_id) REFERENCES source (id)
);
CREATE INDEX phrase_embedding ON phrase USING hnsw (embedding vector_ip_ops);
CREATE INDEX phrase_source ON phrase (organization_id, source_id);
CREATE INDEX phrase_unembedded ON phrase (organization_id, id) WHERE embedding IS NULL;
CREATE TABLE read_mark (
  conversation_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  customer_messages INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, agent_id),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id),
  FOREIGN KEY(agent_id) REFERENCES agent (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
"""

NAMES = [
    "organization",
    "agent",
    "customer",
    "event",
    "idempotency_key",
    "knowledge_model",
    "source",
    "article",
    "conversation",
    "import",
    "job",
    "article_version",
    "import_document",
    "message",
    "passage",
    "phrase",
    "read_mark",
]

ROLE = "DO $$ BEGIN CREATE ROLE {name} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
MEMBER = "DO $$ BEGIN EXECUTE format('GRANT parley_app, parley_relay TO %I', current_user); END $$"

TENANT = "nullif(current_setting('parley.organization_id', true), '')::uuid"

# What the application may do, table by table. The journal is append-only; a version of an article stays as it was.
RIGHTS = {
    "organization": "SELECT, INSERT, UPDATE",
    "event": "SELECT, INSERT",
    "article_version": "SELECT, INSERT, DELETE",
}
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"

RELAY = """
CREATE POLICY relay ON event TO parley_relay USING (true) WITH CHECK (true);
CREATE POLICY relay ON job TO parley_relay USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (delivered_position) ON event TO parley_relay;
GRANT SELECT, INSERT, UPDATE, DELETE ON job TO parley_relay;
"""


def run(script: str) -> None:
    """Run statements one by one: asyncpg prepares each and takes no more than one at a time."""
    for statement in script.split(";\n"):
        if statement.strip():
            op.execute(statement.strip().rstrip(";"))


def upgrade() -> None:
    """Make the tables; every tenant table is closed to other tenants from its first moment."""
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    for name in ("parley_app", "parley_relay"):
        op.execute(ROLE.format(name=name))
    op.execute(MEMBER)
    run(TABLES)
    for name in NAMES:
        owner = "id" if name == "organization" else "organization_id"
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {name} TO parley_app USING ({owner} = {TENANT}) WITH CHECK ({owner} = {TENANT})"
        )
        op.execute(f"GRANT {RIGHTS.get(name, EVERYTHING)} ON {name} TO parley_app")
    run(RELAY)


def downgrade() -> None:
    """Drop the tables; the roles stay, since other databases of the cluster may use them."""
    for name in reversed(NAMES):
        op.execute(f"DROP TABLE {name} CASCADE")
