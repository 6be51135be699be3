"""Saved passages with notes and tags, and people's judgements, in one SQLite file.

Several processes may use the file at once: it is in write-ahead mode, every change is one
transaction that begins by taking the write lock, and a process waits for another's lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError

from kb.collection import tables
from kb.collection.records import Collection, Judgement, Saved
from kb.collection.requoting import Finding, find_again
from kb.errors import BadCollection
from kb.export.entries import Entry, Sheet
from kb.export.material import entries_sheet
from kb.export.words import on_one_line
from kb.records import Document, Source
from kb.references import csl_record

LONGEST_NAME = 200  # characters, about two lines of a title in Word
LOCK_WAIT_S = 10  # how long a process waits for another one's change


class Collections:
    """All collections and judgements of one file; made if it is not there.

    Args:
        file: The SQLite file, `settings.collections`.

    Raises:
        BadCollection: The file is not a database of this product, or of a later version of it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(file)),
            poolclass=sa.NullPool,
            connect_args={"timeout": LOCK_WAIT_S, "isolation_level": None},
        )
        sa.event.listen(self._engine, "connect", _on_connect)
        sa.event.listen(self._engine, "begin", _on_begin)
        self._prepare()

    def names(self) -> list[Collection]:
        """All collections by name."""
        count = sa.func.count(tables.passages.c.saved_id)
        query = (
            sa.select(tables.collections.c.name, count, tables.collections.c.created)
            .outerjoin(tables.passages)
            .group_by(tables.collections.c.collection_id)
            .order_by(sa.func.lower(tables.collections.c.name))
        )
        with self._engine.connect() as connection:
            return [Collection(*row) for row in connection.execute(query)]

    def latest(self) -> str:
        """Name of the collection that was used last; empty if there is none."""
        query = (
            sa.select(tables.collections.c.name)
            .outerjoin(tables.passages)
            .group_by(tables.collections.c.collection_id)
            .order_by(
                tables.collections.c.used.desc(),
                sa.func.max(tables.passages.c.saved_id).desc(),
                tables.collections.c.collection_id.desc(),
            )
        )
        with self._engine.connect() as connection:
            return str(connection.execute(query).scalar() or "")

    def use(self, name: str) -> None:
        """Notes that a collection is used from now on; it is made if it is not there.

        Raises:
            BadCollection: The name is blank or too long.
        """
        with self._change() as connection:
            self._used(connection, _checked(name))

    def create(self, name: str) -> None:
        """A new, empty collection.

        Raises:
            BadCollection: The name is blank or taken.
        """
        name = _checked(name)
        with self._taken(name), self._change() as connection:
            connection.execute(sa.insert(tables.collections).values(name=name, created=_now()))

    def rename(self, name: str, new: str) -> None:
        """Gives a collection another name.

        Raises:
            BadCollection: There is none of that name, or the new name is blank or taken.
        """
        new = _checked(new)
        with self._taken(new), self._change() as connection:
            found = self._id_of(connection, name)
            connection.execute(
                sa.update(tables.collections)
                .where(tables.collections.c.collection_id == found)
                .values(name=new)
            )

    def delete(self, name: str) -> None:
        """Removes a collection and what was saved in it.

        Raises:
            BadCollection: There is none of that name.
        """
        with self._change() as connection:
            found = self._id_of(connection, name)
            connection.execute(
                sa.delete(tables.collections).where(tables.collections.c.collection_id == found)
            )

    def save(self, name: str, *entries: Entry, generation: str = "", library: str = "") -> int:
        """Puts a passage at the end of a collection, which is made if it is not there.

        Args:
            name: Of the collection.
            entries: One, or those of a list in their order; note and tags are the first one's.
            generation: The index that they come from.
            library: Folder of its sources, as `library_path` names it.

        Returns:
            The identifier of the saved passage; that of the earlier one if the same words of
            the same place are in the collection already.
        """
        name = _checked(name)
        row = tables.row_of(entries)
        with self._change() as connection:
            collection_id = self._used(connection, name)
            row["collection_id"] = collection_id
            earlier = connection.execute(_same_words(row)).scalar()
            if earlier is not None:
                return int(earlier)
            values = row | {
                "position": _last_position(connection, collection_id) + 1,
                "note": entries[0].note,
                "tags": list(entries[0].tags),
                "generation": generation,
                "created": _now(),
                "library": library,
            }
            added = connection.execute(sa.insert(tables.passages).values(values))
            return int(added.inserted_primary_key[0])  # type: ignore[index]

    def holds(self, name: str, *entries: Entry) -> bool:
        """Whether these words of the same place are in a collection; False if there is none."""
        row = tables.row_of(entries)
        query = sa.select(tables.collections.c.collection_id).where(
            tables.collections.c.name == on_one_line(name)
        )
        with self._engine.connect() as connection:
            row["collection_id"] = connection.execute(query).scalar()
            return connection.execute(_same_words(row)).scalar() is not None

    def passages(self, name: str) -> list[Saved]:
        """The passages of a collection in their order.

        Raises:
            BadCollection: There is none of that name.
        """
        with self._engine.connect() as connection:
            found = self._id_of(connection, name)
            query = (
                sa.select(tables.passages)
                .where(tables.passages.c.collection_id == found)
                .order_by(tables.passages.c.position)
            )
            return [tables.saved_of(row) for row in connection.execute(query).mappings()]

    def annotate(
        self, saved_id: int, *, note: str | None = None, tags: Iterable[str] | None = None
    ) -> None:
        """Replaces the note, the tags or both; None leaves them as they are.

        Raises:
            BadCollection: There is no such passage.
        """
        values: dict[str, Any] = {} if note is None else {"note": note.strip()}
        if tags is not None:
            values["tags"] = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
        with self._change() as connection:
            self._passage(connection, saved_id)
            if values:
                connection.execute(
                    sa.update(tables.passages)
                    .where(tables.passages.c.saved_id == saved_id)
                    .values(values)
                )

    def move(self, saved_id: int, by: int) -> None:
        """Moves a passage by so many places; negative is up. It stops at either end.

        Raises:
            BadCollection: There is no such passage.
        """
        with self._change() as connection:
            collection_id = self._passage(connection, saved_id)["collection_id"]
            query = (
                sa.select(tables.passages.c.saved_id)
                .where(tables.passages.c.collection_id == collection_id)
                .order_by(tables.passages.c.position)
            )
            order = list(connection.execute(query).scalars())
            at = order.index(saved_id)
            order.insert(max(0, at + by), order.pop(at))
            for position, each in enumerate(order, start=1):
                connection.execute(
                    sa.update(tables.passages)
                    .where(tables.passages.c.saved_id == each)
                    .values(position=position)
                )

    def remove(self, saved_id: int) -> None:
        """Takes a passage out of its collection.

        Raises:
            BadCollection: There is no such passage.
        """
        with self._change() as connection:
            self._passage(connection, saved_id)
            connection.execute(
                sa.delete(tables.passages).where(tables.passages.c.saved_id == saved_id)
            )

    def sheet(
        self,
        name: str,
        *,
        style: str = "apa",
        works: bool = True,
        library: str = "",
        sources: Iterable[Source] = (),
    ) -> Sheet:
        """The collection, ready for export.

        Args:
            name: Of the collection.
            style: Of the references.
            works: With the works behind its passages.
            library: The library that `sources` are of, as `library_path` names it.
            sources: What was saved from them is cited as they state it now: an author who was
                added since is named.

        Raises:
            BadCollection: There is none of that name.
            BadSetting: The style is not known.
        """
        known = {source.document_id: source for source in sources}
        entries = []
        for saved in self.passages(name):
            here = known if library and saved.library == library else {}
            entries += [_as_stated(each, here.get(each.document_id)) for each in saved.entries]
        if not works:
            entries = [replace(entry, works=()) for entry in entries]
        return entries_sheet(name, entries, style=style)

    def recheck(self, name: str, documents: Iterable[Document]) -> list[Finding]:
        """Where each saved quote, or list, stands now, in the collection's order.

        Args:
            name: Of the collection.
            documents: All documents of the library; read once, one after the other.

        Raises:
            BadCollection: There is none of that name.
        """
        quotes = {saved.saved_id: saved.entries for saved in self.passages(name)}
        return find_again(quotes, documents)

    def follow(self, finding: Finding) -> None:
        """Takes over the new place of a quote that moved; its words stay as they were saved.

        Raises:
            BadCollection: There is no such passage, or the finding has no place for its words.
        """
        if finding.state not in ("exact", "moved"):
            raise BadCollection(
                f"Passage {finding.saved_id} is {finding.state}: its words have no new place. "
                "Save the new words, then remove the passage."
            )
        with self._change() as connection:
            saved = tables.saved_of(self._passage(connection, finding.saved_id))
            entries = [
                replace(
                    entry,
                    document_id=part.document_id,
                    path=part.path,
                    start=part.start,
                    end=part.end,
                )
                for entry, part in zip(saved.entries, finding.parts or (finding,), strict=True)
            ]
            connection.execute(
                sa.update(tables.passages)
                .where(tables.passages.c.saved_id == finding.saved_id)
                .values(tables.row_of(entries))
            )

    def add_judgement(self, judgement: Judgement) -> None:
        """Keeps what a person said; a later word on the same thing stands beside it."""
        values = {
            column.name: getattr(judgement, column.name)
            for column in tables.judgements.columns
            if column.name not in ("judgement_id", "created")
        }
        with self._change() as connection:
            created = judgement.created or _now()
            connection.execute(sa.insert(tables.judgements).values(values | {"created": created}))

    def judgements(self) -> list[Judgement]:
        """All judgements in the order in which they were made."""
        columns = [column for column in tables.judgements.columns if column.name != "judgement_id"]
        query = sa.select(*columns).order_by(tables.judgements.c.judgement_id)
        with self._engine.connect() as connection:
            return [Judgement(**row) for row in connection.execute(query).mappings()]

    def _prepare(self) -> None:
        try:
            with self._change() as connection:
                found = connection.exec_driver_sql("PRAGMA user_version").scalar()
                if found and int(found) > tables.SCHEMA_VERSION:
                    raise BadCollection(
                        f"{self._file} was written by a later version (schema {found}, this "
                        f"program knows {tables.SCHEMA_VERSION}). Upgrade with: "
                        "pip install --upgrade leadership-kb"
                    )
                for version in range(int(found or tables.SCHEMA_VERSION), tables.SCHEMA_VERSION):
                    for statement in tables.UPGRADES[version]:
                        connection.exec_driver_sql(statement)
                tables.METADATA.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {tables.SCHEMA_VERSION}")
        except DatabaseError as error:
            raise BadCollection(
                f"{self._file} cannot be used as the file of collections: {error.orig}. "
                "Move it away or name another file with the setting `collections`."
            ) from None

    @contextmanager
    def _change(self) -> Iterator[sa.Connection]:
        engine = self._engine.execution_options(writes=True)
        with engine.begin() as connection:
            yield connection

    @contextmanager
    def _taken(self, name: str) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise BadCollection(
                f"There is a collection {name!r} already. Choose another name."
            ) from None

    def _used(self, connection: sa.Connection, name: str) -> int:
        """Identifier of a collection that is used now; it is made if it is not there."""
        connection.execute(
            sa.insert(tables.collections).prefix_with("OR IGNORE").values(name=name, created=_now())
        )
        found = self._id_of(connection, name)
        last = connection.execute(sa.select(sa.func.max(tables.collections.c.used))).scalar()
        connection.execute(
            sa.update(tables.collections)
            .where(tables.collections.c.collection_id == found)
            .values(used=int(last or 0) + 1)
        )
        return found

    def _id_of(self, connection: sa.Connection, name: str) -> int:
        query = sa.select(tables.collections.c.collection_id).where(
            tables.collections.c.name.in_((name.strip(), on_one_line(name)))
        )
        found = connection.execute(query).scalar()
        if found is None:
            names = connection.execute(sa.select(tables.collections.c.name)).scalars()
            known = ", ".join(sorted(names)) or "none yet"
            raise BadCollection(
                f"There is no collection {on_one_line(name)!r}. There are: {on_one_line(known)}. "
                "Make one by saving a passage in it."
            )
        return int(found)

    def _passage(self, connection: sa.Connection, saved_id: int) -> sa.RowMapping:
        query = sa.select(tables.passages).where(tables.passages.c.saved_id == saved_id)
        found = connection.execute(query).mappings().first()
        if found is None:
            raise BadCollection(
                f"There is no saved passage {saved_id}; somebody may have removed it. "
                "Open the collection again."
            )
        return found


def _on_connect(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except Exception as error:  # sqlite3's own error: another process is switching the mode
        if "locked" not in str(error):
            connection.close()
            raise


def _on_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _as_stated(entry: Entry, source: Source | None) -> Entry:
    if source is None:
        return entry
    return replace(entry, record=csl_record(source), title=source.title)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _checked(name: str) -> str:
    """The name on one line, without characters that no file holds and no terminal shows.

    Raises:
        BadCollection: It is blank, or too long to be shown.
    """
    found = on_one_line(name)
    if not found:
        raise BadCollection("The name of a collection is blank. Give it a name.")
    if len(found) > LONGEST_NAME:
        raise BadCollection(
            f"The name of a collection has {len(found):,} characters; at most {LONGEST_NAME} are "
            "shown whole. Give it a shorter one."
        )
    return found


def _same_words(row: Mapping[str, Any]) -> sa.Select[Any]:
    """Asks for the passage of the same collection with the same words at the same place."""
    columns = ("collection_id", "document_id", "start", "end", "quote")
    return sa.select(tables.passages.c.saved_id).where(
        *(tables.passages.c[name] == row[name] for name in columns)
    )


def _last_position(connection: sa.Connection, collection_id: int) -> int:
    query = sa.select(sa.func.max(tables.passages.c.position)).where(
        tables.passages.c.collection_id == collection_id
    )
    return int(connection.execute(query).scalar() or 0)
