"""The words of everything together with whose they are and when, so that a search reads only the times it goes back to.

Revision ID: 0023
Revises: 0022
"""

from alembic import context, op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TENANT = "nullif(current_setting('parley.organization_id', true), '')::uuid"
INDEXES = {
    "search_entry_words": "search_entry USING gin"
    " (search_terms(search_place(organization_id, kind, search_span(at)), words)) WITH (fastupdate = off)",
    "search_entry_conversation": "search_entry (conversation_id, at)",
}
PLAIN = {
    "search_span(at timestamptz)": """
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT floor(extract(epoch FROM at) / 345600)::bigint
$$""",
    "search_span_start(span bigint)": """
RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT to_timestamp(span * 345600)
$$""",
    "search_place(owner uuid, kind text, span bigint)": """
RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT left(encode(int8send(hashtextextended(owner::text || ' ' || kind || ' ' || span::text, 0)), 'base64'), 8)
$$""",
    "search_terms(place text, words tsvector)": """
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN array_to_tsvector(ARRAY(
    SELECT place || word FROM unnest(tsvector_to_array(words)) AS word WHERE octet_length(word) <= 2000));
END $$""",
    "search_form(asked tsquery)": r"""
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE needed text := querytree(asked);
BEGIN
  IF needed IN ('', 'T') OR needed ~ '[^'' ]{250}' THEN RETURN NULL; END IF;
  needed := regexp_replace(needed, ' <(-|\d+)> ', ' & ', 'g');
  RETURN regexp_replace(needed, '''((?:[^'']|'''')+)''', '''' || chr(1) || '\1''', 'g');
END $$""",
}
"""A span is four days. A place is eight characters that stand for an organization, a kind and a span; a term is a word
after its place. The form of a query is what must be there, phrases as their words, with marks where places belong; none
where no word must. Postgres takes no terms beyond 2,046 bytes."""

PUT = """
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO search_entry (id, organization_id, kind, conversation_id, at, words)
  VALUES (entry, owner, kind, conversation, at, words)
  ON CONFLICT (id) DO UPDATE SET at = excluded.at, words = excluded.words;
END $$"""
FOUND = "RETURNS TABLE (id uuid, conversation_id uuid, at timestamptz, rank real, seen integer)"
"""What was found, and one row without an id: how many were, and since when that is all; no time where it is all."""
DEFINER = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
ALONE = "SET enable_seqscan = off SET plan_cache_mode = force_generic_plan"
"""One plan for all spans. What else is asked of a row is written as functions, so that no other index serves it."""
PUBLIC = {
    "search_back(asked tsquery, wanted text, since timestamptz, until timestamptz, enough integer, most integer)": f"""
{FOUND} {DEFINER} {ALONE} AS $$
DECLARE
  owner uuid := {TENANT};
  form text := search_form(asked);
  start timestamptz := until;
  span bigint := search_span(until);
  matched integer := 0;
  more integer;
BEGIN
  WHILE form IS NOT NULL AND matched < enough LOOP
    span := (SELECT search_span(e.at) FROM search_entry e
      WHERE e.organization_id = owner AND e.kind = wanted AND e.at >= since AND e.at < start
      ORDER BY e.at DESC LIMIT 1);
    EXIT WHEN span IS NULL;
    RETURN QUERY SELECT e.id, e.conversation_id, e.at, ts_rank(e.words, asked), 0 FROM search_entry e
      WHERE search_terms(search_place(e.organization_id, e.kind, search_span(e.at)), e.words)
          @@ replace(form, chr(1), search_place(owner, wanted, span))::tsquery
        AND uuid_eq(e.organization_id, owner) AND texteq(e.kind, wanted) AND ts_match_vq(e.words, asked)
        AND timestamptz_ge(e.at, since) AND timestamptz_lt(e.at, until)
      LIMIT most - matched;
    GET DIAGNOSTICS more = ROW_COUNT;
    matched := matched + more;
    EXIT WHEN matched >= most;
    start := search_span_start(span);
  END LOOP;
  RETURN QUERY SELECT NULL::uuid, NULL::uuid, CASE WHEN span IS NOT NULL THEN start END, NULL::real, matched;
END $$""",  # noqa: S608
    "search_among(asked tsquery, wanted text, since timestamptz, until timestamptz, conversations uuid[],"
    " most integer)": f"""
{FOUND} {DEFINER} AS $$
BEGIN
  RETURN QUERY WITH found AS MATERIALIZED (
    SELECT e.id, e.conversation_id, e.at, ts_rank(e.words, asked) AS rank FROM search_entry e
    WHERE e.conversation_id = ANY (conversations) AND e.organization_id = {TENANT} AND e.kind = wanted
      AND e.at >= since AND e.at < until AND ts_match_vq(e.words, asked)
    ORDER BY e.at DESC LIMIT most)
  SELECT f.id, f.conversation_id, f.at, f.rank, 0 FROM found f
  UNION ALL SELECT NULL, NULL, CASE count(*) WHEN most THEN min(f.at) END, NULL, count(*)::integer FROM found f;
END $$""",  # noqa: S608
}
REPLACED = "search_within(tsquery, text, timestamptz, timestamptz, integer, uuid[], integer)"
DIGESTS = (
    "search_key(owner uuid, kind text, level integer, number bigint)",
    "search_window(at timestamptz, level integer)",
)
PUTTING = "search_put(entry uuid, owner uuid, kind text, conversation uuid, at timestamptz, words tsvector)"


def upgrade() -> None:
    """Build the new index: two to three minutes a million messages, and none can be written meanwhile."""
    for signature, body in PLAIN.items():
        op.execute(f"CREATE FUNCTION {signature} {body}")
    op.execute(f"CREATE OR REPLACE FUNCTION {PUTTING} {PUT}")
    op.execute(f"DROP FUNCTION {REPLACED}")
    op.execute("ALTER TABLE search_entry DROP COLUMN keys")
    for signature in DIGESTS:
        op.execute(f"DROP FUNCTION {signature}")
    for name, on in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")
    offer(PUBLIC)


def downgrade() -> None:
    """Bring the digests back; the search begins to take in everything again."""
    before = context.script.get_revision("0015").module
    for signature in PUBLIC:
        op.execute(f"DROP FUNCTION {signature}")
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for signature in reversed(PLAIN):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("TRUNCATE search_entry, search_backlog")
    op.execute("ALTER TABLE search_entry ADD COLUMN keys BIGINT[] NOT NULL")
    op.execute(f"CREATE INDEX search_entry_words ON {before.INDEXES['search_entry_words']}")
    for signature in reversed(DIGESTS):
        op.execute(f"CREATE FUNCTION {signature} {before.PLAIN[signature]}")
    op.execute(f"CREATE OR REPLACE FUNCTION {PUTTING} {before.PLAIN[PUTTING]}")
    offer({name: body for name, body in before.PUBLIC.items() if name.startswith("search_within")})
    for kind in before.TRIGGERS:
        op.execute(before.BEGUN.format(kind=kind))


def offer(functions: dict[str, str]) -> None:
    """Let the product's role run functions as the role that sees all that is searched and nothing else."""
    op.execute("GRANT CREATE ON SCHEMA public TO parley_search")
    for signature, body in functions.items():
        op.execute(f"CREATE FUNCTION {signature} {body}")
        op.execute(f"ALTER FUNCTION {signature} OWNER TO parley_search")
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO parley_app")
    op.execute("REVOKE CREATE ON SCHEMA public FROM parley_search")
