"""The tables of the collections' file, and how a saved passage goes into them and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kb.collection.records import Saved
from kb.export.entries import Entry
from kb.records import Locator

SCHEMA_VERSION = 3
# What brings a file of an earlier version to the next one, by that earlier version.
UPGRADES = {
    1: ("ALTER TABLE passages ADD COLUMN library TEXT NOT NULL DEFAULT ''",),
    2: ("ALTER TABLE collections ADD COLUMN used INTEGER NOT NULL DEFAULT 0",),
}

METADATA = sa.MetaData()
collections = sa.Table(
    "collections",
    METADATA,
    sa.Column("collection_id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("created", sa.Text, nullable=False),
    # The greatest is the one chosen or saved into last; 0 where a file of version 2 had it.
    sa.Column("used", sa.Integer, nullable=False, server_default="0"),
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
    sa.Column("library", sa.Text, nullable=False, server_default=""),
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


def row_of(entries: Sequence[Entry]) -> dict[str, Any]:
    """The columns of the passages' table that hold a passage or a list, but for note and tags."""
    first, last = entries[0], entries[-1]
    facts = _facts_of(first)
    listed = [_words_of(entry) | _other_facts(entry, facts) for entry in entries]
    return {
        "quote": "\n".join(entry.quote for entry in entries),
        "document_id": first.document_id,
        "start": first.start,
        "end": last.end,
        "entry": facts | ({"list": listed} if len(entries) > 1 else {}),
    }


def saved_of(row: sa.RowMapping) -> Saved:
    """The saved passage, or list, in a row of the passages' table."""
    kept = row["entry"]
    parts = kept.get("list") or [{key: row[key] for key in ("quote", "start", "end")}]
    list_id = row["saved_id"] if "list" in kept else 0
    entries = tuple(_entry_of(kept | part, row, list_id) for part in parts)
    return Saved(row["saved_id"], entries, row["generation"], row["created"], row["library"])


def _words_of(entry: Entry) -> dict[str, Any]:
    return {"quote": entry.quote, "start": entry.start, "end": entry.end}


def _other_facts(entry: Entry, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a quote of a list does not share with the first one; most of it they share."""
    return {name: fact for name, fact in _facts_of(entry).items() if fact != known[name]}


def _facts_of(entry: Entry) -> dict[str, Any]:
    return {
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
        "opens_list": entry.opens_list,
    }


def _entry_of(kept: Mapping[str, Any], row: sa.RowMapping, list_id: int) -> Entry:
    return Entry(
        quote=kept["quote"],
        record=kept["record"],
        document_id=row["document_id"],
        path=kept["path"],
        title=kept["title"],
        framework=kept["framework"],
        locator=Locator(kept["page"], tuple(kept["headings"]), kept["paragraph"]),
        start=kept["start"],
        end=kept["end"],
        passage_id=kept["passage_id"],
        before=kept["before"],
        after=kept["after"],
        note=row["note"],
        tags=tuple(row["tags"]),
        score=kept["score"],
        works=tuple(kept.get("works", ())),
        works_named=kept.get("works_named", False),
        list_id=list_id,
        opens_list=kept.get("opens_list", False),
    )
