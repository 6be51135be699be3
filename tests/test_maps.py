"""Frameworks and passages on a plane, and the numbers that go out with them."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from kb.export.figures import frameworks_csv, passages_csv
from kb.library import Library
from kb.maps import MapPoint, passage_map, share_kept


def test_the_map_of_passages_holds_each_passage_once_with_its_words(library: Library) -> None:
    """In reading order, with what is needed to open it at its place."""
    found = library.passage_map()
    assert [point.passage_id for point in found.points] == [
        passage.passage_id for passage in library.passages()
    ]
    assert found.total == len(found.points)
    for point in found.points:
        text = library.document(point.document_id).text
        assert text[point.start : point.end] == point.text
    assert 0 < found.kept <= 1


def test_a_large_library_shows_its_chosen_frameworks_whole_and_others_evenly(
    library: Library,
) -> None:
    """The limit cuts the others only."""
    whole = library.passage_map()
    own = [p.passage_id for p in whole.points if p.framework == "orchard-leadership"]
    assert 2 < len(own) < whole.total
    generation = library._generation
    few = passage_map(generation, ["orchard-leadership"], most=len(own) + 2)
    shown = [p.passage_id for p in few.points]
    assert len(shown) == len(own) + 2
    assert set(own) <= set(shown)
    assert few.total == whole.total
    only = passage_map(generation, ["orchard-leadership"], most=1)
    assert [p.passage_id for p in only.points] == own


def test_the_share_that_a_plane_keeps_is_of_the_squared_differences() -> None:
    """Worked by hand: variances 4, 1 and 1 along three axes; the plane keeps five sixths."""
    axes = np.diag([2.0, 1.0, 1.0]).astype(np.float32)
    points = np.concatenate([axes, -axes])
    assert share_kept(points, points[:, :2]) == pytest.approx(5 / 6)
    assert share_kept(points[:1], points[:1, :2]) == 1.0


def test_the_numbers_of_a_map_are_numbers_and_its_texts_no_formulas(library: Library) -> None:
    """A minus before a number stays; one before a text is put behind an apostrophe."""
    point = MapPoint("a", "=1+1", "-family", 1999, -0.25, 0.5)
    rows = list(csv.reader(io.StringIO(frameworks_csv([point]).removeprefix("\ufeff"))))
    assert rows[1] == ["a", "'=1+1", "'-family", "1999", "-0.25000", "0.50000"]
    found = library.passage_map()
    table = list(csv.DictReader(io.StringIO(passages_csv(found.points).removeprefix("\ufeff"))))
    assert len(table) == found.total
    assert table[0]["text"] == " ".join(found.points[0].text.split())
    assert float(table[0]["x"]) == pytest.approx(found.points[0].x, abs=1e-5)
