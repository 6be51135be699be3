"""The views of the Compare page: table, principles of any pair, map of frameworks or passages."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from export_samples import sample_comparison
from page_support import Page, html
from support import write_files

from kb.compare import Alignment
from kb.export.figures import alignment_csv
from kb.library import Library, build_from_corpus
from kb.settings import Settings
from kb.ui.aligning import others_html, principles_sheet, summary_html
from kb.ui.choosing import take_comparison
from kb.ui.matrix import matrix_html

SLUGS = ["orchard-leadership", "lighthouse-leadership", "ferry-leadership"]
THIRD = """\
---
framework: ferry-leadership
title: Ferry leadership
family: partnership and networks
year: 1999
sources: [quay-1988]
---

# Ferry leadership

## Principles

### Tend the lamp

Keep the lamp lit for whoever crosses at night.

### Share the fare

Harvest together what the crossing earns.
"""

WORKS = """[{"id": "quay-1988", "type": "book", "title": "Lamps and fares",
  "author": [{"family": "Quay", "given": "Ines"}], "issued": {"date-parts": [[1988]]}}]"""


@pytest.fixture
def three(corpus: Path, settings: Settings) -> Settings:
    """The small library with a third framework, built."""
    write_files(corpus, {"ferry.md": THIRD, "references.json": WORKS})
    build_from_corpus(settings)
    return settings


def test_of_three_frameworks_any_pair_of_principles_is_shown(three: Settings, page: Page) -> None:
    """The first pair to begin with; the address tells the pair that is chosen."""
    app = page("compare", framework=SLUGS, view="principles")
    assert "Orchard leadership and Lighthouse leadership</h2>" in html(app)
    app.selectbox(key="kb_pair").set_value(("orchard-leadership", "ferry-leadership")).run()
    assert "Orchard leadership and Ferry leadership</h2>" in html(app)
    assert app.query_params["pair"] == ["orchard-leadership", "ferry-leadership"]
    again = page("compare", **{k: v for k, v in app.query_params.items() if k != "generation"})
    assert "Orchard leadership and Ferry leadership</h2>" in html(again)
    other = page("compare", framework=SLUGS, view="principles", pair=["nothing", "at-all"])
    assert "Orchard leadership and Lighthouse leadership</h2>" in html(other)


def test_exported_principles_have_context_and_the_works_behind_them(three: Settings) -> None:
    """What stands before and after a quote, and what its source draws on."""
    library = Library.open(three)
    sheet = principles_sheet(library.align(SLUGS[1], SLUGS[2]), library, "Two")
    tend = next(each for each in sheet.entries if each.note.startswith("Tend the lamp."))
    assert "Share the fare" in tend.after
    assert [work["title"] for work in tend.works] == ["Lamps and fares"]


def test_the_heatmap_goes_out_as_numbers_and_as_a_picture(three: Settings, page: Page) -> None:
    """Every cell of it, with what the assignment paired."""
    app = page("compare", framework=SLUGS[:2], view="principles")
    assert 'data-figure="kb-heat" data-file="similar-meaning-' in html(app)
    found = Library.open(three).align(*SLUGS[:2])
    rows = list(csv.DictReader(io.StringIO(alignment_csv(found, "One", "Other")[1:])))
    assert len(rows) == len(found.first) * len(found.second) == 6
    assert rows[0]["One"] == "Prune gently"
    assert float(rows[1]["similarity of meaning"]) == pytest.approx(
        found.similarity[0][1], abs=1e-4
    )
    assert sum(row["paired"] == "yes" for row in rows) == len(found.pairs)
    assert rows[0]["first quote"].startswith("Prune")


def test_the_map_draws_every_framework_or_every_passage(three: Settings, page: Page) -> None:
    """Map and timeline, also with nothing chosen; the address tells what a dot is."""
    app = page("compare", view="map")
    assert len(app.get("vega_lite_chart")) == 2
    assert "Each dot is a framework" in html(app)
    app = page("compare", view="map", points="passages", framework=SLUGS[:1])
    passages = Library.open(three).passage_map()
    assert f"Each dot is a passage ({passages.total} passages)" in html(app)
    assert app.query_params["points"] == "passages"
    assert len(app.get("vega_lite_chart")) == 2


def test_two_frameworks_are_too_few_for_a_map(built: Settings, page: Page) -> None:
    """A sentence says so."""
    assert "Too few frameworks for a map" in html(page("compare", view="map"))


def test_rows_of_ones_own_survive_a_look_at_another_view(built: Settings, page: Page) -> None:
    """Table, principles, table again: the rows and the address are the same."""
    slugs = [f.slug for f in Library.open(built).frameworks()][:2]
    app = page("compare", framework=slugs, dimension=["decisions"], on=["How is trust built?"])
    app.button_group(key="kb_view").set_value("principles").run()
    assert app.query_params["on"] == "How is trust built?"
    assert "Closest in meaning" in html(app)
    app.button_group(key="kb_view").set_value("table").run()
    assert "How is trust built?" in html(app)
    assert html(app).count('<th scope="row">') == 2


def test_questions_of_ones_own_are_the_first_rows(built: Settings, page: Page) -> None:
    """What somebody asked for stands above the ten rows that everybody gets."""
    slugs = [f.slug for f in Library.open(built).frameworks()][:2]
    shown = html(page("compare", framework=slugs, on=["Who prunes?", "How is trust built?"]))
    rows = re.findall(r'<th scope="row">(.*?)</th>', shown)
    assert rows[:3] == ["Who prunes?", "How is trust built?", "Purpose and goals"]
    assert len(rows) == 12


def test_a_cell_cuts_at_a_word_and_counts_the_sentences_that_it_quotes() -> None:
    """The mark that closes the quote stands behind the ellipsis."""
    comparison = sample_comparison(1)
    cell = next(each for each in comparison.cells if each.citations)
    first = replace(cell.citations[0], quote="Perseverance " * 20 + "ends.")
    second = replace(first, number=2, quote="It ends. It begins again.")
    one = replace(
        comparison,
        frameworks=(cell.framework,),
        dimensions=(cell.dimension,),
        cells=(replace(cell, citations=(first, second)),),
    )
    shown = matrix_html(one, {cell.framework: "One"}, lambda cell: "compare")
    assert "Perseverance Perseverance …”</span>" in shown
    assert "3 sentences from 1 source" in shown


def test_a_principle_in_no_pair_names_its_nearest_counterpart(
    three: Settings,
) -> None:
    """Where that is near; only what has none is called the framework's own."""
    library = Library.open(three)
    found = library.align(SLUGS[0], SLUGS[1])
    (one, *_), (other, *_) = found.first, found.second
    pruning, picking, resting = ((name, one[1]) for name in ("Prune", "Pick", "Rest"))
    near = Alignment(
        (pruning, picking, resting),
        (("Light", other[1]),),
        np.array([[0.5], [0.7], [0.1]], np.float32),
        ((1, 0, 0.7),),
    )
    assert near.nearest(0, 0) == (0, pytest.approx(0.5))
    assert near.nearest(0, 2) is None
    assert near.nearest(1, 0) == (1, pytest.approx(0.7))
    notes = [each.note for each in principles_sheet(near, library, "Two").entries]
    assert notes == [
        "Pick. Closest in meaning (0.70): Light.",
        "Light. Closest in meaning (0.70): Pick.",
        "Prune. In no pair; nearest in meaning (0.50): Light.",
        "Rest. Nothing close in meaning in the other framework.",
    ]
    names = ("Orchard", "Lighthouse")
    told = summary_html(near, *names)
    assert "1 pair of principles closest in meaning." in told
    assert "Orchard: 1 only there, 1 more with a near counterpart. Lighthouse: 0 only" in told
    also, only = others_html(near, 0, names, "g").split("Only in Orchard</h2>")
    assert "<h3>Prune</h3>" in also and "Nearest in Lighthouse: Light (0.50)" in also
    assert "<h3>Rest</h3>" in only and "Nearest" not in only
    assert others_html(near, 1, names, "g") == "<h2>Only in Lighthouse</h2><p>Nothing.</p>"


def test_frameworks_beyond_the_last_column_are_named() -> None:
    """An address may name more of them than are compared."""
    names = {f"lamp-{n}": f"Lamp {n}" for n in range(7)}
    (problem,) = take_comparison({"framework": list(names)}, names)
    assert problem == "5 frameworks are compared at most; left out: Lamp 5, Lamp 6."
    assert take_comparison({"framework": list(names)[:5]}, names) == []
