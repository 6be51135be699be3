"""The principles of two frameworks side by side: heatmap, what is shared, each one's own."""

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
    """Which principles of two frameworks are worded alike, and which stand alone."""
    one, other = (names[slug] for slug in pair)
    found = aligned(library.generation, pair, library)
    missing = [name for name, own in ((one, found.first), (other, found.second)) if not own]
    if missing:
        draw_note("No principles to align", f"No principles are listed for {missing[0]}.")
        return
    own = len(found.first) - len(found.pairs), len(found.second) - len(found.pairs)
    st.html(
        f"<h2>{escape(one)} and {escape(other)}</h2>"
        f"<p>{words.count(len(found.pairs), 'principle')} worded alike, "
        f"{own[0]} only in {escape(one)}, {own[1]} only in {escape(other)}. "
        '<span class="kb-muted">Similar wording is not agreement: read both quotes.</span></p>'
    )
    with st.container(key="kb-heat"):
        st.altair_chart(similarity_chart(found, one, other))
    with st.container(horizontal=True, vertical_alignment="center", key="kb-figure-heat"):
        sheet = partial(principles_sheet, found, library, f"{one} and {other}")
        draw_downloads(sheet, f"principles {' '.join(pair)}", key="principles")
        draw_figure_downloads(
            partial(alignment_csv, found, one, other),
            f"similar wording {' '.join(pair)}",
            of="kb-heat",
        )
    st.html(_pairs_html(found, library.generation))
    _draw_own(found, one, other, library)


def _pairs_html(found: Alignment, generation: str) -> str:
    pairs = []
    for i, j, similarity in found.pairs:
        (name, first), (opposite, second) = found.first[i], found.second[j]
        pairs.append(
            f'<section class="kb-pair"><p class="kb-muted">Similarity of wording {similarity:.2f}'
            f"</p><div><h3>{escape(name)}</h3>{citation_html(first, generation)}</div>"
            f"<div><h3>{escape(opposite)}</h3>{citation_html(second, generation)}</div></section>"
        )
    empty = "<p>No two principles are worded alike.</p>"
    return f"<h2>Similar wording</h2>{''.join(pairs) or empty}"


def _draw_own(found: Alignment, one: str, other: str, library: Library) -> None:
    columns = st.columns(2, gap="large")
    for column, name, principles, paired in (
        (columns[0], one, found.first, {pair[0] for pair in found.pairs}),
        (columns[1], other, found.second, {pair[1] for pair in found.pairs}),
    ):
        own = [p for n, p in enumerate(principles) if n not in paired]
        drawn = "".join(
            f"<h3>{escape(heading)}</h3>{citation_html(citation, library.generation)}"
            for heading, citation in own
        )
        column.html(f"<h2>Only in {escape(name)}</h2>{drawn or '<p>Nothing.</p>'}")


def principles_sheet(found: Alignment, library: Library, title: str) -> Sheet:
    """Paired principles one after the other with their similarity, then each one's own."""
    sources = {source.document_id: source for source in library.sources()}
    works = cited_works(library.settings.corpus)
    entries = []

    def take(principle: tuple[str, Citation], note: str) -> None:
        name, citation = principle
        text = library.document(citation.document_id).text
        entry = entry_of(citation, sources.get(citation.document_id), text=text, cited=works)
        entries.append(replace(entry, note=f"{name}. {note}"))

    for i, j, similarity in found.pairs:
        take(found.first[i], f"Similar wording ({similarity:.2f}): {found.second[j][0]}.")
        take(found.second[j], f"Similar wording ({similarity:.2f}): {found.first[i][0]}.")
    paired = ({pair[0] for pair in found.pairs}, {pair[1] for pair in found.pairs})
    for number, side in enumerate((found.first, found.second)):
        for n, principle in enumerate(side):
            if n not in paired[number]:
                take(principle, "No similar wording in the other framework.")
    style = library.settings.reference_style
    return entries_sheet(f"Principles of {title}", entries, style=style)
