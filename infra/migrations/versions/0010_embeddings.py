"""Vectors of models that organizations did not begin with, and what is learned from the vectors of each.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BUILT_IN = "all-MiniLM-L6-v2"
INDEXED = (256, 384, 512, 768, 1024, 1536, 2048, 3072)


def upgrade() -> None:
    """Add the tables; what was learned until now was learned from the built-in model's vectors."""
    for text in ("passage", "phrase"):
        name = f"{text}_vector"
        op.execute(
            f"""
            CREATE TABLE {name} (
              {text}_id UUID NOT NULL,
              model TEXT NOT NULL,
              organization_id UUID NOT NULL,
              dimensions INTEGER NOT NULL,
              vector HALFVEC NOT NULL,
              PRIMARY KEY ({text}_id, model),
              FOREIGN KEY({text}_id) REFERENCES {text} (id) ON DELETE CASCADE,
              FOREIGN KEY(organization_id) REFERENCES organization (id)
            )
            """
        )
        op.execute(f"CREATE INDEX {name}_model ON {name} (organization_id, model)")
        for length in INDEXED:
            vector = f"CAST(vector AS halfvec({length})) halfvec_ip_ops"
            op.execute(f"CREATE INDEX {name}_{length} ON {name} USING hnsw ({vector}) WHERE dimensions = {length}")
        close(name)
    op.execute(f"ALTER TABLE knowledge_model ADD COLUMN model TEXT NOT NULL DEFAULT '{BUILT_IN}'")
    op.execute("ALTER TABLE knowledge_model ALTER COLUMN model DROP DEFAULT")
    op.execute("ALTER TABLE knowledge_model DROP CONSTRAINT knowledge_model_pkey")
    op.execute("ALTER TABLE knowledge_model ADD PRIMARY KEY (organization_id, model)")


def downgrade() -> None:
    """Go back to the built-in model's vectors, which were there all the time."""
    op.execute(f"DELETE FROM knowledge_model WHERE model <> '{BUILT_IN}'")  # noqa: S608
    op.execute("ALTER TABLE knowledge_model DROP CONSTRAINT knowledge_model_pkey")
    op.execute("ALTER TABLE knowledge_model ADD PRIMARY KEY (organization_id)")
    op.execute("ALTER TABLE knowledge_model DROP COLUMN model")
    op.execute("DROP TABLE passage_vector")
    op.execute("DROP TABLE phrase_vector")
