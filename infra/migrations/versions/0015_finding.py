"""Who customers are, their addresses, and the words of everything that can be searched.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TENANT = "nullif(current_setting('parley.organization_id', true), '')::uuid"
COLUMNS = {
    "email_key": "TEXT GENERATED ALWAYS AS (lower(email)) STORED",
    "phone": "TEXT",
    "language": "TEXT",
    "zone": "TEXT",
    "attributes": "JSONB DEFAULT '{}' NOT NULL",
    "blocked_at": "TIMESTAMP WITH TIME ZONE",
}
CONTACT = """
CREATE TABLE contact (
  organization_id UUID NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  customer_id UUID NOT NULL,
  verified_at TIMESTAMP WITH TIME ZONE,
  bounced_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (organization_id, kind, value),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED
)
"""
ENTRY = """
CREATE TABLE search_entry (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  kind TEXT NOT NULL,
  conversation_id UUID,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  keys BIGINT[] NOT NULL,
  words TSVECTOR NOT NULL,
  PRIMARY KEY (id)
)
"""
BACKLOG = "CREATE TABLE search_backlog (kind TEXT NOT NULL, after UUID NOT NULL, PRIMARY KEY (kind))"
BEGUN = "INSERT INTO search_backlog (kind, after) VALUES ('{kind}', '00000000-0000-0000-0000-000000000000')"
INDEXES = {
    "contact_customer": "contact (customer_id)",
    "search_entry_recent": "search_entry (organization_id, kind, at, id)",
    "search_entry_words": "search_entry USING gin (keys, words) WITH (fastupdate = off)",
    "customer_created": "customer (organization_id, created_at, id)",
    "customer_email": "customer (organization_id, email_key)",
    "customer_phone": "customer (organization_id, phone)",
}
KNOWN = """
INSERT INTO contact (organization_id, kind, value, customer_id, verified_at, created_at)
SELECT DISTINCT ON (organization_id, {value}) organization_id, '{kind}', {value}, id, verified_at, created_at
FROM customer WHERE {value} IS NOT NULL AND merged_into IS NULL
ORDER BY organization_id, {value}, verified_at NULLS LAST, created_at, id
"""
"""Of several customers with one address the one has it whom the organization vouched for first, or who came first."""

ROLE = """DO $$ BEGIN CREATE ROLE parley_search NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""
MEMBER = "DO $$ BEGIN EXECUTE format('GRANT parley_search TO %I', current_user); END $$"
SOURCES = ("message", "note", "customer", "article", "article_version")
"""What the search reads to fill its table. Its role cannot log in: only the functions below run as it."""

PLAIN = {
    "search_folded(said text)": r"""
RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036F]', '', 'g'))
$$""",
    "search_words(said text)": """
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE folded text := search_folded(left(said, 200000));
BEGIN
  RETURN to_tsvector('simple', folded) || to_tsvector('english', folded);
END $$""",
    "search_query(said text, opening text, prefix text)": """
RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE folded text := search_folded(said);
DECLARE asked tsquery := websearch_to_tsquery('simple', folded) || websearch_to_tsquery('english', folded);
BEGIN
  IF prefix <> '' THEN
    asked := asked || (websearch_to_tsquery('simple', search_folded(opening))
      && to_tsquery('simple', quote_literal(search_folded(prefix)) || ':*'));
  END IF;
  RETURN asked;
END $$""",
    "search_window(at timestamptz, level integer)": """
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE level WHEN 4 THEN 0 ELSE floor(extract(epoch FROM at) / (86400 * (8 ^ level))) END::bigint
$$""",
    "search_key(owner uuid, kind text, level integer, number bigint)": """
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended(owner::text || ' ' || kind || ' ' || level::text || ' ' || number::text, 0)
$$""",
    "search_put(entry uuid, owner uuid, kind text, conversation uuid, at timestamptz, words tsvector)": """
RETURNS void LANGUAGE plpgsql AS $$
DECLARE keys bigint[] := ARRAY[
  search_key(owner, kind, 0, search_window(at, 0)), search_key(owner, kind, 1, search_window(at, 1)),
  search_key(owner, kind, 2, search_window(at, 2)), search_key(owner, kind, 3, search_window(at, 3)),
  search_key(owner, kind, 4, 0)];
BEGIN
  IF conversation IS NOT NULL THEN
    keys := keys || hashtextextended(conversation::text, 0);
  END IF;
  INSERT INTO search_entry (id, organization_id, kind, conversation_id, at, keys, words)
  VALUES (entry, owner, kind, conversation, at, keys, words)
  ON CONFLICT (id) DO UPDATE SET at = excluded.at, keys = excluded.keys, words = excluded.words;
END $$""",
    "search_put_message(one message)": """
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM search_put(
    one.id, one.organization_id, 'message', one.conversation_id, one.created_at, search_words(one.text));
END $$""",
    "search_put_note(one note)": """
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF one.deleted_at IS NULL THEN
    PERFORM search_put(
      one.id, one.organization_id, 'note', one.conversation_id, one.created_at, search_words(one.text));
  ELSE
    DELETE FROM search_entry WHERE id = one.id;
  END IF;
END $$""",
    "search_put_customer(one customer)": """
RETURNS void LANGUAGE plpgsql AS $$
DECLARE told text := concat_ws(' ', one.email, translate(one.email, '@.+-_', '     '), one.phone, one.external_id);
BEGIN
  IF one.merged_into IS NULL THEN
    PERFORM search_put(one.id, one.organization_id, 'customer', NULL, one.created_at,
      setweight(search_words(one.name), 'A') || search_words(told));
  ELSE
    DELETE FROM search_entry WHERE id = one.id;
  END IF;
END $$""",
    "search_put_article(one article)": """
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_entry WHERE id = one.id;
  PERFORM search_put(one.id, one.organization_id, 'article', NULL, one.updated_at,
    setweight(search_words(v.title), 'A') || search_words(v.body))
  FROM article_version v WHERE v.article_id = one.id AND v.number = one.published_number;
END $$""",
}
TRIGGER = """
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_entry WHERE id = OLD.id;
  ELSE
    PERFORM search_put_{kind}(NEW);
  END IF;
  RETURN NULL;
END $$"""
TRIGGERS = {
    "message": "CREATE TRIGGER search AFTER INSERT OR UPDATE OF text OR DELETE ON message",
    "note": "CREATE TRIGGER search AFTER INSERT OR UPDATE OF text, deleted_at OR DELETE ON note",
    "customer": "CREATE TRIGGER search AFTER INSERT OR DELETE"
    " OR UPDATE OF name, email, phone, external_id, merged_into ON customer",
    "article": "CREATE CONSTRAINT TRIGGER search AFTER INSERT OR UPDATE OR DELETE ON article"
    " DEFERRABLE INITIALLY DEFERRED",
}
"""An article's text comes after it in its transaction, so that its words are taken at the end."""

FOUND = "RETURNS TABLE (id uuid, conversation_id uuid, at timestamptz, rank real, seen integer)"
"""What was found, and one row without an id: how many were, and since when that is all; no time where it is all."""
DEFINER = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
PUBLIC = {
    "search_recent(asked tsquery, wanted text, since timestamptz, until timestamptz, most integer)": f"""
{FOUND} {DEFINER} AS $$
DECLARE
  owner uuid := {TENANT};
  looked integer;
  start timestamptz;
  matched integer;
BEGIN
  SELECT count(*), min(l.at) INTO looked, start FROM (
    SELECT e.at FROM search_entry e
    WHERE e.organization_id = owner AND e.kind = wanted AND e.at >= since AND e.at < until
    ORDER BY e.at DESC LIMIT most) AS l;
  RETURN QUERY SELECT e.id, e.conversation_id, e.at, ts_rank(e.words, asked), 0 FROM search_entry e
    WHERE e.organization_id = owner AND e.kind = wanted AND e.at >= start AND e.at < until
      AND ts_match_vq(e.words, asked);
  GET DIAGNOSTICS matched = ROW_COUNT;
  RETURN QUERY SELECT NULL::uuid, NULL::uuid, CASE looked WHEN most THEN start END, NULL::real, matched;
END $$""",  # noqa: S608
    "search_within(asked tsquery, wanted text, since timestamptz, until timestamptz,"
    " level integer, conversations uuid[], most integer)": f"""
{FOUND} {DEFINER} SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  owner uuid := {TENANT};
  newest bigint := search_window(until, level);
  among bigint[] := ARRAY[search_key(owner, wanted, level, newest), search_key(owner, wanted, level, newest - 1)];
  start timestamptz := CASE WHEN level < 4 THEN to_timestamp((newest - 1) * 86400 * (8 ^ level)) END;
BEGIN
  IF NOT EXISTS (SELECT FROM search_entry e WHERE e.organization_id = owner AND e.kind = wanted AND e.at < start) THEN
    start := NULL;
  END IF;
  IF conversations IS NOT NULL THEN
    SELECT coalesce(array_agg(hashtextextended(one::text, 0)), '{{}}') INTO among FROM unnest(conversations) AS one;
  END IF;
  RETURN QUERY WITH found AS MATERIALIZED (
    SELECT e.id, e.organization_id, e.kind, e.conversation_id, e.at, ts_rank(e.words, asked) AS rank
    FROM search_entry e WHERE e.keys && among AND e.words @@ asked LIMIT most)
  SELECT f.id, f.conversation_id, f.at, f.rank, 0 FROM found f
  WHERE f.organization_id = owner AND f.kind = wanted AND f.at >= since AND f.at < until
  UNION ALL
  SELECT NULL, NULL, start, NULL, count(*)::integer FROM found;
END $$""",  # noqa: S608
}
BACKFILL = """
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  waiting search_backlog;
  last uuid;
  done integer;
BEGIN
  SELECT * INTO waiting FROM search_backlog ORDER BY kind FOR UPDATE SKIP LOCKED LIMIT 1;
  IF waiting.kind IS NULL THEN RETURN 0; END IF;
  EXECUTE format(
    'WITH batch AS (SELECT * FROM %1$I WHERE id > $1 ORDER BY id LIMIT $2),'
    ' put AS MATERIALIZED (SELECT search_put_%1$s(batch::%1$I), batch.id FROM batch)'
    ' SELECT count(*), (array_agg(id ORDER BY id DESC))[1] FROM put', waiting.kind)
  INTO done, last USING waiting.after, most;
  IF done < most THEN
    DELETE FROM search_backlog WHERE kind = waiting.kind;
  ELSE
    UPDATE search_backlog SET after = last WHERE kind = waiting.kind;
  END IF;
  RETURN done + 1;
END $$"""


def upgrade() -> None:
    """Add the columns and the tables; what is there already is put into the search by a worker, batch by batch."""
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE customer ADD COLUMN {name} {kind}")
    op.execute("GRANT SELECT (blocked_at) ON customer TO parley_accounts")
    for statement in (CONTACT, ENTRY, BACKLOG):
        op.execute(statement.strip())
    for name, on in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")
    op.execute("ALTER TABLE customer NO FORCE ROW LEVEL SECURITY")
    for kind, value in {"email": "email_key", "external": "external_id"}.items():
        op.execute(KNOWN.format(kind=kind, value=value).strip())
    op.execute("ALTER TABLE customer FORCE ROW LEVEL SECURITY")
    for kind in TRIGGERS:
        op.execute(BEGUN.format(kind=kind))
    protect()
    searching()


def protect() -> None:
    """Close the tables to other tenants; the search's own are written by nobody but its functions."""
    policy = f"USING (organization_id = {TENANT}) WITH CHECK (organization_id = {TENANT})"
    for table in ("contact", "search_entry"):
        op.execute(f"CREATE POLICY tenant ON {table} TO parley_app {policy}")
    for table in ("contact", "search_entry", "search_backlog"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON contact TO parley_app")
    op.execute("GRANT SELECT ON search_entry TO parley_app")


def searching() -> None:
    """Make the functions that fill and ask the search, as a role that sees all that is searched and nothing else."""
    op.execute(ROLE)
    op.execute(MEMBER)
    for table in ("search_entry", "search_backlog"):
        op.execute(f"CREATE POLICY search ON {table} TO parley_search USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO parley_search")
    for table in SOURCES:
        op.execute(f"CREATE POLICY search ON {table} FOR SELECT TO parley_search USING (true)")
        op.execute(f"GRANT SELECT ON {table} TO parley_search")
    op.execute("GRANT CREATE ON SCHEMA public TO parley_search")
    for signature, body in PLAIN.items():
        op.execute(f"CREATE FUNCTION {signature} {body}")
    triggered = {f"search_{kind}()": TRIGGER.format(kind=kind) for kind in TRIGGERS}
    for signature, body in {**triggered, **PUBLIC, "search_backfill(most integer)": BACKFILL}.items():
        op.execute(f"CREATE FUNCTION {signature} {body}")
        op.execute(f"ALTER FUNCTION {signature} OWNER TO parley_search")
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute("REVOKE CREATE ON SCHEMA public FROM parley_search")
    for kind, statement in TRIGGERS.items():
        op.execute(f"{statement} FOR EACH ROW EXECUTE FUNCTION search_{kind}()")
    for signature in PUBLIC:
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO parley_app")
    op.execute("GRANT EXECUTE ON FUNCTION search_backfill(integer) TO parley_relay")


def downgrade() -> None:
    """Take them away; the role stays, since other databases of the cluster may use it."""
    for kind in TRIGGERS:
        op.execute(f"DROP TRIGGER search ON {kind}")
    for signature in ("search_backfill(most integer)", *PUBLIC, *(f"search_{kind}()" for kind in TRIGGERS)):
        op.execute(f"DROP FUNCTION {signature}")
    for signature in reversed(PLAIN):
        op.execute(f"DROP FUNCTION {signature}")
    for table in SOURCES:
        op.execute(f"DROP POLICY search ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM parley_search")
    for table in ("search_backlog", "search_entry", "contact"):
        op.execute(f"DROP TABLE {table}")
    op.execute("REVOKE SELECT (blocked_at) ON customer FROM parley_accounts")
    for name, on in reversed(INDEXES.items()):
        if on.startswith("customer"):
            op.execute(f"DROP INDEX {name}")
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE customer DROP COLUMN {name}")
