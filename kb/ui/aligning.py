"""The principles of two frameworks side by side: heatmap, pairs, what is near, each one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations

import streamlit as st

from kb.compare import Alignment
from kb.corpus import cited_works
from kb.export import Sheet, entries_sheet, entry_of
from kb.export.figures import alignment_csv
from kb.library import Library
from kb.records import Citation
from kb.ui import words
from kb.ui.charts import similarity_chart
from kb.ui.downloads import draw_downloads, draw_figure_downloads
from kb.ui.markup import escape
from kb.ui.passages import citation_html
from kb.ui.states import draw_note

Names = Mapping[str, str]
Pair = tuple[str, str]


def pairs_of(slugs: Sequence[str]) -> list[Pair]:
    """Every two of the frameworks, in their order."""
    return list(combinations(slugs, 2))


def chosen_pair(slugs: Sequence[str], names: Names) -> Pair:
    """The two frameworks whose principles are shown; of three or more, the person chooses."""
    pairs = pairs_of(slugs)
    if st.session_state.get("kb_pair") not in pairs:
        st.session_state["kb_pair"] = pairs[0]
    if len(pairs) == 1:
        return pairs[0]

    pair: Pair = st.selectbox(
        "Two of them at a time",
        pairs,
        format_func=lambda pair: f"{names[pair[0]]} and {names[pair[1]]}",
        key="kb_pair",
    )
    return pair


@st.cache_data(show_spinner="Reading the principles …", max_entries=64)
def aligned(generation: str, pair: Pair, _library: Library) -> Alignment:
    """The alignment of two frameworks, kept so that choosing another pair is quick."""
    return _library.align(*pair)


def draw_principles(pair: Pair, library: Library, names: Names) -> None:
    """Which principles of two frameworks are closest in meaning, and which stand alone."""
    one, other = (names[slug] for slug in pair)
    found = aligned(library.generation, pair, library)
    missing = [name for name, own in ((one, found.first), (other, found.second)) if not own]
    if missing:
        draw_note("No principles to align", f"No principles are listed for {missing[0]}.")
        return
    st.html(f"<h2>{escape(one)} and {escape(other)}</h2>{summary_html(found, one, other)}")
    with st.container(key="kb-heat"):
        st.altair_chart(similarity_chart(found, one, other))
    with st.container(horizontal=True, vertical_alignment="center", key="kb-figure-heat"):
        sheet = partial(principles_sheet, found, library, f"{one} and {other}")
        draw_downloads(sheet, f"principles {' '.join(pair)}", key="principles")
        draw_figure_downloads(
            partial(alignment_csv, found, one, other),
            f"similar meaning {' '.join(pair)}",
            of="kb-heat",
        )
    st.html(_pairs_html(found, library.generation))
    for side, column in enumerate(st.columns(2, gap="large")):
        column.html(others_html(found, side, (one, other), library.generation))


def summary_html(found: Alignment, one: str, other: str) -> str:
    """How many principles are paired, near a counterpart or one framework's own."""
    told = []
    for side, name in ((0, one), (1, other)):
        near, own = _others(found, side)
        nearby = f", {len(near)} more with a near counterpart" if near else ""
        told.append(f"{escape(name)}: {len(own)} only there{nearby}.")
    return (
        f"<p>{words.count(len(found.pairs), 'pair')} of principles closest in meaning. "
        f"{' '.join(told)} "
        '<span class="kb-muted">Close in meaning is not agreement: read both quotes.</span></p>'
    )


def _others(found: Alignment, side: int) -> tuple[list[tuple[int, int, float]], list[int]]:
    """The principles of one side in no pair: those near a counterpart, with it, and the others."""
    paired = {pair[side] for pair in found.pairs}
    near, own = [], []
    for number in range(len((found.first, found.second)[side])):
        if number in paired:
            continue
        if closest := found.nearest(side, number):
            near.append((number, *closest))
        else:
            own.append(number)
    return near, own


def _pairs_html(found: Alignment, generation: str) -> str:
    pairs = []
    for i, j, similarity in found.pairs:
        (name, first), (opposite, second) = found.first[i], found.second[j]
        pairs.append(
            f'<section class="kb-pair"><p class="kb-muted">Similarity of meaning {similarity:.2f}'
            f"</p><div><h3>{escape(name)}</h3>{citation_html(first, generation)}</div>"
            f"<div><h3>{escape(opposite)}</h3>{citation_html(second, generation)}</div></section>"
        )
    empty = "<p>No two principles are close in meaning.</p>"
    return f"<h2>Closest in meaning</h2>{''.join(pairs) or empty}"


def others_html(found: Alignment, side: int, names: Pair, generation: str) -> str:
    """The principles of one side in no pair: those with a near counterpart, then its own."""
    here, there = (found.first, found.second)[:: -1 if side else 1]
    near, own = _others(found, side)
    also = [
        _principle_html(
            here[number],
            generation,
            f"Nearest in {names[1 - side]}: {there[closest][0]} ({similarity:.2f})",
        )
        for number, closest, similarity in near
    ]
    alone = "".join(_principle_html(here[number], generation) for number in own)
    name = escape(names[side])
    heading = f"<h2>In no pair, but near, in {name}</h2>{''.join(also)}" if also else ""
    return f"{heading}<h2>Only in {name}</h2>{alone or '<p>Nothing.</p>'}"


def _principle_html(principle: tuple[str, Citation], generation: str, note: str = "") -> str:
    heading, citation = principle
    said = f'<p class="kb-muted">{escape(note)}</p>' if note else ""
    return f"<h3>{escape(heading)}</h3>{said}{citation_html(citation, generation)}"


def principles_sheet(found: Alignment, library: Library, title: str) -> Sheet:
    """Paired principles one after the other with their similarity, then the others of each side."""
    sources = {source.document_id: source for source in library.sources()}
    works = cited_works(library.settings.corpus)
    sides = (found.first, found.second)
    entries = []

    def take(side: int, number: int, note: str) -> None:
        name, citation = sides[side][number]
        text = library.document(citation.document_id).text
        entry = entry_of(citation, sources.get(citation.document_id), text=text, cited=works)
        entries.append(replace(entry, note=f"{name}. {note}"))

    for i, j, similarity in found.pairs:
        take(0, i, f"Closest in meaning ({similarity:.2f}): {found.second[j][0]}.")
        take(1, j, f"Closest in meaning ({similarity:.2f}): {found.first[i][0]}.")
    for side in (0, 1):
        near, own = _others(found, side)
        for number, closest, similarity in near:
            opposite = sides[1 - side][closest][0]
            take(side, number, f"In no pair; nearest in meaning ({similarity:.2f}): {opposite}.")
        for number in own:
            take(side, number, "Nothing close in meaning in the other framework.")
    style = library.settings.reference_style
    return entries_sheet(f"Principles of {title}", entries, style=style)
