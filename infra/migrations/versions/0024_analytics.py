"""Analytics: facts that a worker folds from the journal, in partitions by month, and what is rolled up from them.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ROLE = """
DO $$ BEGIN
  CREATE ROLE parley_analytics NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""
MEMBER = "DO $$ BEGIN EXECUTE format('GRANT parley_analytics TO %I', current_user); END $$"

SHARED = """
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  conversation_id UUID{certain},
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  inbox_id UUID,
  channel TEXT,
  team_id UUID,
  person_id UUID,
  customer_id UUID,
  segment TEXT,
  topic TEXT,
  language TEXT,
  priority TEXT,
  actor_kind TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT"""
COUNTS = """
  messages INTEGER NOT NULL,
  customer_messages INTEGER NOT NULL,
  assistant_messages INTEGER NOT NULL,
  person_messages INTEGER NOT NULL,
  automation_messages INTEGER NOT NULL,
  handoffs INTEGER NOT NULL"""
RESPONSES = """
  first_response_ms BIGINT,
  first_response_business_ms BIGINT,
  resolution_ms BIGINT,
  resolution_business_ms BIGINT"""
COSTS = """
  tokens_in BIGINT NOT NULL,
  tokens_out BIGINT NOT NULL,
  cost_micros BIGINT NOT NULL"""
FACTS = {
    "conversation": f"""
  episodes INTEGER NOT NULL,{COUNTS},
  ended_at TIMESTAMP WITH TIME ZONE,{RESPONSES},
  contained BOOLEAN NOT NULL,{COSTS}""",
    "episode": f"""
  number INTEGER NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  ended_by TEXT,
  confirmed BOOLEAN NOT NULL,
  assumed BOOLEAN NOT NULL,
  reopened_at TIMESTAMP WITH TIME ZONE,{COUNTS},{RESPONSES},
  contained BOOLEAN NOT NULL,
  levels_met INTEGER NOT NULL,
  levels_missed INTEGER NOT NULL,{COSTS}""",
    "message": """
  number INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  kind TEXT NOT NULL,
  is_first_response BOOLEAN NOT NULL,
  response_ms BIGINT,
  response_business_ms BIGINT,
  undelivered BOOLEAN NOT NULL""",
    "answer": f"""
  episode INTEGER NOT NULL,
  model TEXT,
  attempts INTEGER NOT NULL,
  took_ms BIGINT,
  first_text_ms BIGINT,
  confidence DOUBLE PRECISION,
  citations INTEGER NOT NULL,
  tools INTEGER NOT NULL,
  tokens_cached BIGINT NOT NULL,
  helpful BOOLEAN,{COSTS}""",
    "handoff": """
  episode INTEGER NOT NULL,
  taken_at TIMESTAMP WITH TIME ZONE,
  wait_ms BIGINT,
  wait_business_ms BIGINT,
  reply_ms BIGINT,
  reply_business_ms BIGINT""",
    "delivery": """
  medium TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  sent_at TIMESTAMP WITH TIME ZONE,
  took_ms BIGINT""",
    "rating": """
  episode INTEGER NOT NULL,
  kind TEXT NOT NULL,
  score SMALLINT,
  helpful BOOLEAN,
  answered_at TIMESTAMP WITH TIME ZONE""",
}
ROLLED = {
    "rollup_cell": """
  organization_id UUID NOT NULL,
  fact TEXT NOT NULL,
  dimension TEXT NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  value TEXT NOT NULL,
  sums BIGINT[] NOT NULL,
  PRIMARY KEY (organization_id, fact, dimension, hour, value)""",
    "rollup_sketch": """
  organization_id UUID NOT NULL,
  measure TEXT NOT NULL,
  dimension TEXT NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  value TEXT NOT NULL,
  buckets INTEGER[] NOT NULL,
  counts INTEGER[] NOT NULL,
  PRIMARY KEY (organization_id, measure, dimension, hour, value)""",
    "rollup_due": """
  organization_id UUID NOT NULL,
  fact TEXT NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (organization_id, fact, hour)""",
}
PLACE = """
CREATE TABLE rollup_place (
  name TEXT NOT NULL,
  position BIGINT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (name)
)
"""
TENANTS = (*(f"{name}_fact" for name in FACTS), *ROLLED)
TABLES = (*TENANTS, "rollup_place")

SEEN = {
    "event": "id, organization_id, stream, version, kind, payload, actor, at, delivered_position",
    "organization": "id, settings",
    "inbox": "id, organization_id, channel",
    "team": "id, organization_id, created_at",
    "team_inbox": "team_id, inbox_id, organization_id",
    "customer": "id, organization_id, verified_at",
    "conversation": "id, organization_id, inbox_id",
    "delivery": "id, organization_id, medium, sequence, conversation, state, attempts, next_try_at, sent_at,"
    " created_at",
}
"""What the role that folds and rolls up sees of all organizations: the journal, and what the journal does not say."""


def upgrade() -> None:
    """Make the tables; the role that fills them owns them, since it makes and drops their partitions."""
    for statement in (ROLE, MEMBER, "CREATE SCHEMA facts AUTHORIZATION parley_analytics"):
        op.execute(statement)
    for name, own in FACTS.items():
        shared = SHARED.format(certain="" if name == "delivery" else " NOT NULL")
        columns = f"{shared},{own},\n  PRIMARY KEY (organization_id, at, id)"
        op.execute(f"CREATE TABLE {name}_fact ({columns}\n) PARTITION BY RANGE (at)")
        op.execute(f"CREATE INDEX {name}_fact_conversation ON {name}_fact (conversation_id)")
        op.execute(f"CREATE TABLE facts.{name}_rest PARTITION OF {name}_fact DEFAULT")
    op.execute("CREATE INDEX delivery_fact_queued ON delivery_fact (outcome) WHERE outcome = 'queued'")
    for name, columns in ROLLED.items():
        op.execute(f"CREATE TABLE {name} ({columns}\n)")
    op.execute(PLACE)
    protect()
    show()


def protect() -> None:
    """Close the tables to other tenants; nobody but the role that fills them writes into them."""
    for name in TENANTS:
        close(name, "SELECT")
    op.execute("ALTER TABLE rollup_place ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rollup_place FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY freshness ON rollup_place FOR SELECT TO parley_app USING (true)")
    op.execute("GRANT SELECT ON rollup_place TO parley_app")
    op.execute("GRANT CREATE ON SCHEMA public TO parley_analytics")
    for name in TABLES:
        op.execute(f"CREATE POLICY analytics ON {name} TO parley_analytics USING (true) WITH CHECK (true)")
        op.execute(f"ALTER TABLE {name} OWNER TO parley_analytics")
    for name in FACTS:
        op.execute(f"ALTER TABLE facts.{name}_rest OWNER TO parley_analytics")
    op.execute("REVOKE CREATE ON SCHEMA public FROM parley_analytics")


def show() -> None:
    """Let the role see what facts are made of, column by column: beside the journal no names and no addresses."""
    for name, columns in SEEN.items():
        op.execute(f"CREATE POLICY analytics ON {name} FOR SELECT TO parley_analytics USING (true)")
        op.execute(f"GRANT SELECT ({columns}) ON {name} TO parley_analytics")


def downgrade() -> None:
    """Take them away; the role stays, since other databases of the cluster may use it."""
    for name, columns in SEEN.items():
        op.execute(f"DROP POLICY analytics ON {name}")
        op.execute(f"REVOKE SELECT ({columns}) ON {name} FROM parley_analytics")  # noqa: S608
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
    op.execute("DROP SCHEMA facts")
