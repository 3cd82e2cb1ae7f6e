"""Ways for data to leave: exports, and SQL logins that see views of one organization's facts and nothing else.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

EXPORT = """
CREATE TABLE export (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  dataset TEXT NOT NULL,
  format TEXT NOT NULL,
  filters JSONB NOT NULL,
  state TEXT NOT NULL,
  why TEXT,
  requested_by TEXT NOT NULL,
  requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
  total BIGINT,
  rows BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  parts INTEGER NOT NULL,
  place JSONB,
  is_whole BOOLEAN NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  expires_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
"""
LOGIN = """
CREATE TABLE sql_login (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  created_by TEXT NOT NULL,
  why_revoked TEXT,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  UNIQUE (role),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
"""
INDEXES = {
    "export_created": "export (organization_id, created_at, id)",
    "sql_login_organization": "sql_login (organization_id, created_at, id)",
    "conversation_organization": "conversation (organization_id, id)",
}
ROLE = "DO $$ BEGIN CREATE ROLE {name} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
MEMBER = "DO $$ BEGIN EXECUTE format('GRANT {name} TO %I', current_user); END $$"
ROLES = ("parley_bi", "parley_bi_reader")
"""Who owns the views, and whom each login is a member of."""

ORGANIZATION = """
CREATE FUNCTION bi.organization() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.organization_id FROM public.sql_login l JOIN public.organization o ON o.id = l.organization_id
  WHERE l.role = session_user::text AND l.revoked_at IS NULL AND o.suspended_at IS NULL
$$
"""
"""The one who signed in decides, whatever the session sets: nobody but a superuser becomes another session user."""
MINE = "organization_id = (SELECT bi.organization())"

DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s'"
OURS = "'^bi_[0-9a-f]{32}$'"
FUNCTIONS = {
    "sql_login_open(login text, verifier text, connections integer, seconds integer)": f"""
RETURNS void {DEFINER} AS $$
DECLARE each text;
BEGIN
  IF login !~ {OURS} OR verifier !~ '^SCRAM-SHA-256[$][0-9]+:' OR connections < 1 OR seconds < 1 THEN
    RAISE EXCEPTION 'This is no SQL login.';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('sql_login', 0));
  EXECUTE format('CREATE ROLE %I LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'
    ' CONNECTION LIMIT %s PASSWORD %L', login, connections, verifier);
  EXECUTE format('GRANT parley_bi_reader TO %I', login);
  EXECUTE format('GRANT %I TO %I', login, current_user);
  EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', login, seconds || 's');
  EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', login, seconds || 's');
  EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', login);
  EXECUTE format('ALTER ROLE %I SET search_path = bi', login);
  IF has_database_privilege('parley_bi_reader', current_database(), 'TEMPORARY') THEN
    FOR each IN SELECT rolname FROM pg_roles
      WHERE rolname LIKE 'parley\\_%' AND NOT rolcanlogin AND rolname NOT LIKE 'parley\\_bi%' LOOP
      EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), each);
    END LOOP;
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  END IF;
END $$""",  # noqa: S608  nothing comes from outside
    "sql_login_close(login text)": f"""
RETURNS void {DEFINER} AS $$
BEGIN
  IF login !~ {OURS} THEN
    RAISE EXCEPTION 'This is no SQL login.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN RETURN; END IF;
  EXECUTE format('ALTER ROLE %I NOLOGIN', login);
  PERFORM pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = login;
  BEGIN
    EXECUTE format('DROP OWNED BY %I', login);
    EXECUTE format('DROP ROLE %I', login);
  EXCEPTION WHEN dependent_objects_still_exist OR object_in_use OR lock_not_available THEN
    NULL;
  END;
END $$""",  # noqa: S608
    "sql_login_watch(logins text[], seconds double precision)": f"""
RETURNS TABLE (login text, why text) {DEFINER} AS $$
DECLARE most interval := make_interval(secs => seconds);
BEGIN
  PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a
  WHERE a.usename::text = ANY (logins) AND a.usename ~ {OURS} AND (
    a.state = 'active' AND a.query_start < clock_timestamp() - most
    OR a.state LIKE 'idle in transaction%' AND a.state_change < clock_timestamp() - most
    OR a.xact_start < clock_timestamp() - 10 * most);
  RETURN QUERY
    SELECT a.usename::text, 'It took an advisory lock.' FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND a.usename::text = ANY (logins)
    UNION
    SELECT r.rolname::text, 'It made a large object.' FROM pg_largeobject_metadata o
    JOIN pg_roles r ON r.oid = o.lomowner WHERE r.rolname::text = ANY (logins);
END $$""",  # noqa: S608
}
"""A login that is gone for good is dropped; one that still has something somewhere can at least not sign in."""
MAY = {"sql_login_open": "parley_app", "sql_login_close": "parley_app", "sql_login_watch": "parley_relay"}

SHARED = {
    "id": "Its id, unique with `at`.",
    "conversation_id": "The conversation that it is about.",
    "at": "When it was, in UTC: filter by this, the data lies in order of it.",
    "inbox_id": "The inbox, see bi.inboxes.",
    "channel": "chat, email, sms or api.",
    "team_id": "The team, see bi.teams.",
    "person_id": "The person at work, see bi.people.",
    "customer_id": "The customer, by an id that tells nothing else of them.",
    "segment": "anonymous or identified: whether it is known who the customer is.",
    "topic": "What it is about.",
    "language": "In which language.",
    "priority": "low, normal, high or urgent.",
    "actor_kind": "Who did it: assistant, person, automation or customer.",
    "outcome": "What came of it.",
    "reason": "Why it was handed over to a person.",
}
COUNTS = {
    "messages": "Messages of everybody.",
    "customer_messages": "Messages of the customer.",
    "assistant_messages": "Messages of the assistant.",
    "person_messages": "Messages of people at work.",
    "automation_messages": "Messages of automation.",
    "handoffs": "How often it was handed over to a person.",
}
TIMES = {
    "first_response_ms": "Milliseconds to the first reply.",
    "first_response_business_ms": "The same in business hours alone.",
    "resolution_ms": "Milliseconds until it was resolved for the first time.",
    "resolution_business_ms": "The same in business hours alone.",
}
COSTS = {
    "tokens_in": "Tokens that models read.",
    "tokens_out": "Tokens that models wrote.",
    "cost_micros": "What models cost, in millionths of the currency.",
}
VIEWS = {
    "conversations": (
        "conversation",
        "A conversation; at is when it began, outcome is open, resolved, merged or spam.",
        {
            "episodes": "How often it was opened.",
            **COUNTS,
            "ended_at": "When it was resolved last; null while it is open.",
            **TIMES,
            "contained": "Whether the assistant was alone in it: no handoff, no person.",
            **COSTS,
        },
    ),
    "episodes": (
        "episode",
        "A spell of a conversation until it was resolved; at is when it ended, or began while it goes on; outcome is "
        "open, confirmed, assumed, settled, merged or spam.",
        {
            "number": "Counts from 1 within the conversation.",
            "started_at": "When it began.",
            "ended_at": "When it was resolved.",
            "ended_by": "Who resolved it.",
            "confirmed": "Whether the customer said that it was resolved.",
            "assumed": "Whether silence, or a rule, did.",
            "reopened_at": "When the customer came back.",
            **COUNTS,
            **TIMES,
            "contained": "Whether the assistant was alone in it: no handoff, no person.",
            "levels_met": "Service levels that were kept.",
            "levels_missed": "Service levels that were not.",
            **COSTS,
        },
    ),
    "messages": (
        "message",
        "A message, without its text; at is when it was sent, outcome is sent or undelivered.",
        {
            "number": "Counts from 1 within the conversation.",
            "episode": "The episode that it is in.",
            "kind": "What kind of message.",
            "is_first_response": "Whether it is the first reply of its episode.",
            "response_ms": "Of a reply: milliseconds since the first word that it answers.",
            "response_business_ms": "The same in business hours alone.",
            "undelivered": "Whether it did not reach the customer.",
        },
    ),
    "answers": (
        "answer",
        "An answer of the assistant; at is when its first attempt began, outcome is answer, clarification, refusal, "
        "handoff, action_proposal, stopped or unfinished.",
        {
            "episode": "The episode that it is in.",
            "model": "Which model wrote it.",
            "attempts": "How often it was begun.",
            "took_ms": "Milliseconds until it was there.",
            "first_text_ms": "Milliseconds to its first words.",
            "confidence": "0 to 1.",
            "citations": "How many articles it cites.",
            "tools": "How many tools were used.",
            "tokens_cached": "Tokens that models had read before.",
            "helpful": "What the customer said: true, false, or nothing.",
            **COSTS,
        },
    ),
    "handoffs": (
        "handoff",
        "A handoff; at is when it was asked for, outcome is waiting, taken or left.",
        {
            "episode": "The episode that it is in.",
            "taken_at": "When somebody took it.",
            "wait_ms": "Milliseconds until then.",
            "wait_business_ms": "The same in business hours alone.",
            "reply_ms": "Milliseconds to a person's first word.",
            "reply_business_ms": "The same in business hours alone.",
        },
    ),
    "deliveries": (
        "delivery",
        "Something that was sent; at is when it was posted, outcome is queued, sent or failed.",
        {
            "medium": "email, sms, push or webhook.",
            "attempts": "How often it was tried.",
            "sent_at": "When it was sent.",
            "took_ms": "Milliseconds until then.",
        },
    ),
    "ratings": (
        "rating",
        "What a customer was asked, or said of an answer; at is when, outcome is asked or answered.",
        {
            "episode": "The episode that it is about.",
            "kind": "survey or answer.",
            "score": "1 to 5; null until the survey is answered.",
            "helpful": "Of an answer: whether it helped.",
            "answered_at": "When the survey was answered.",
        },
    ),
}
"""By the names of the views: whose fact, what a row is, and what it has beside what all have."""
NAMES = {
    "inboxes": ("inbox", "An inbox.", {"id": "Its id.", "name": "Its name.", "channel": "Its own channel."}),
    "teams": ("team", "A team.", {"id": "Its id.", "name": "Its name."}),
    "people": ("agent", "Somebody at work.", {"id": "Their id.", "name": "Their name."}),
}
"""The same for what ids stand for."""


def upgrade() -> None:
    """Make the tables, the views, and the functions that make logins."""
    op.execute(EXPORT)
    op.execute(LOGIN)
    for name, on in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")
    for table in ("export", "sql_login"):
        close(table)
    for name in ROLES:
        op.execute(ROLE.format(name=name))
        op.execute(MEMBER.format(name=name))
    op.execute("CREATE POLICY relay ON sql_login FOR SELECT TO parley_relay USING (revoked_at IS NULL)")
    op.execute("GRANT SELECT (id, organization_id, role, revoked_at) ON sql_login TO parley_relay")
    op.execute("CREATE POLICY bi ON sql_login FOR SELECT TO parley_bi USING (role = session_user::text)")
    op.execute("GRANT SELECT (organization_id, role, revoked_at) ON sql_login TO parley_bi")
    op.execute("CREATE POLICY bi ON organization FOR SELECT TO parley_bi USING (true)")
    op.execute("GRANT SELECT (id, suspended_at) ON organization TO parley_bi")
    show()
    for signature, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {signature} {body}")
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {MAY[signature.partition('(')[0]]}")


def show() -> None:
    """Make the views, two fences around each: its condition, and row security for the role that owns it."""
    op.execute("CREATE SCHEMA bi")
    op.execute("GRANT USAGE, CREATE ON SCHEMA bi TO parley_bi")
    op.execute("GRANT USAGE ON SCHEMA bi TO parley_bi_reader")
    op.execute(ORGANIZATION)
    op.execute("ALTER FUNCTION bi.organization() OWNER TO parley_bi")
    op.execute("REVOKE ALL ON FUNCTION bi.organization() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION bi.organization() TO parley_bi_reader")
    for view, (fact, said, own) in VIEWS.items():
        _view(view, f"{fact}_fact", said, SHARED | own)
    for view, (table, said, columns) in NAMES.items():
        _view(view, table, said, columns)
    op.execute("REVOKE CREATE ON SCHEMA bi FROM parley_bi")


def _view(view: str, table: str, said: str, columns: dict[str, str]) -> None:
    op.execute(f"CREATE POLICY bi ON {table} FOR SELECT TO parley_bi USING ({MINE})")
    op.execute(f"GRANT SELECT (organization_id, {', '.join(columns)}) ON {table} TO parley_bi")
    chosen = f"SELECT {', '.join(columns)} FROM {table} WHERE {MINE}"  # noqa: S608  nothing comes from outside
    op.execute(f"CREATE VIEW bi.{view} WITH (security_barrier) AS {chosen}")
    op.execute(f"ALTER VIEW bi.{view} OWNER TO parley_bi")
    op.execute(f"GRANT SELECT ON bi.{view} TO parley_bi_reader")
    op.execute(f"COMMENT ON VIEW bi.{view} IS $${said}$$")
    for column, meaning in columns.items():
        op.execute(f"COMMENT ON COLUMN bi.{view}.{column} IS $${meaning}$$")


def downgrade() -> None:
    """Take them away; logins that there are see nothing any more, and the roles stay."""
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    for view in (*VIEWS, *NAMES):
        op.execute(f"DROP VIEW bi.{view}")
    tables = [f"{fact}_fact" for fact, _, _ in VIEWS.values()] + [table for table, _, _ in NAMES.values()]
    for table in (*tables, "sql_login", "organization"):
        op.execute(f"DROP POLICY bi ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM parley_bi")
    op.execute("DROP SCHEMA bi CASCADE")
    op.execute("DROP INDEX conversation_organization")
    op.execute("DROP TABLE sql_login")
    op.execute("DROP TABLE export")
