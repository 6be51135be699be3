"""Records: frozen, slotted, and offsets that lead back to the raw text."""

from __future__ import annotations

import dataclasses

import pytest
from support import document_of

from kb import records
from kb.records import Document, Filters, Metadata, Source

RECORDS = [
    found
    for found in vars(records).values()
    if isinstance(found, type) and dataclasses.is_dataclass(found)
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_record_is_frozen_and_slotted(record: type) -> None:
    """Records travel between threads, so nobody may change one."""
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(record)


def test_a_source_without_a_title_is_called_by_its_path() -> None:
    """A list of sources never shows an empty name."""
    source = Source("0" * 12, "notes/a.txt", "0" * 64, 1, "text", Metadata())
    assert source.title == "notes/a.txt"


def test_offsets_are_raw_offsets_where_nothing_was_rewritten() -> None:
    """No runs mean that text and raw text are the same."""
    document = document_of("abc", [])
    assert [document.raw_offset(n) for n in range(4)] == [0, 1, 2, 3]


def test_raw_offsets_follow_the_runs_and_stop_at_the_end_of_a_run() -> None:
    """An inserted character stands at the end of the run before it."""
    source = Source("0" * 12, "a.txt", "0" * 64, 1, "text", Metadata())
    # raw "**ab**cd" was read as "ab cd": one run for ab, an inserted space, one for cd
    document = Document(source, "ab cd", (), ((0, 2, 2), (3, 6, 2)))
    assert [document.raw_offset(n) for n in range(5)] == [2, 3, 4, 6, 7]


def test_filters_that_restrict_nothing_are_equal() -> None:
    """Search takes the short way exactly when nothing is filtered."""
    assert Filters() == Filters(frameworks=(), year_from=None)
    assert Filters(year_to=1990) != Filters()
