"""The tables of the collections' file, and how a saved passage goes into them and out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kb.collection.records import Saved
from kb.export.entries import Entry
from kb.records import Locator

SCHEMA_VERSION = 1

METADATA = sa.MetaData()
collections = sa.Table(
    "collections",
    METADATA,
    sa.Column("collection_id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("created", sa.Text, nullable=False),
)
passages = sa.Table(
    "passages",
    METADATA,
    sa.Column("saved_id", sa.Integer, primary_key=True),
    sa.Column(
        "collection_id",
        sa.ForeignKey("collections.collection_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("document_id", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("entry", sa.JSON, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("generation", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.UniqueConstraint("collection_id", "document_id", "start", "end", "quote"),
)
judgements = sa.Table(
    "judgements",
    METADATA,
    sa.Column("judgement_id", sa.Integer, primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("answers", sa.Boolean, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("passage_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("generation", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
)


def row_of(entry: Entry) -> dict[str, Any]:
    """The columns of the passages' table that hold an entry, but for its note and tags."""
    return {
        "quote": entry.quote,
        "document_id": entry.document_id,
        "start": entry.start,
        "end": entry.end,
        "entry": {
            "path": entry.path,
            "title": entry.title,
            "framework": entry.framework,
            "page": entry.locator.page,
            "headings": list(entry.locator.headings),
            "paragraph": entry.locator.paragraph,
            "passage_id": entry.passage_id,
            "before": entry.before,
            "after": entry.after,
            "score": entry.score,
            "record": dict(entry.record),
            "works": [dict(work) for work in entry.works],
            "works_named": entry.works_named,
        },
    }


def saved_of(row: sa.RowMapping) -> Saved:
    """The saved passage in a row of the passages' table."""
    kept = row["entry"]
    entry = Entry(
        quote=row["quote"],
        record=kept["record"],
        document_id=row["document_id"],
        path=kept["path"],
        title=kept["title"],
        framework=kept["framework"],
        locator=Locator(kept["page"], tuple(kept["headings"]), kept["paragraph"]),
        start=row["start"],
        end=row["end"],
        passage_id=kept["passage_id"],
        before=kept["before"],
        after=kept["after"],
        note=row["note"],
        tags=tuple(row["tags"]),
        score=kept["score"],
        works=tuple(kept.get("works", ())),
        works_named=kept.get("works_named", False),
    )
    return Saved(row["saved_id"], entry, row["generation"], row["created"])
