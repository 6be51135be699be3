"""The parts of the Collection page: choosing one, its passages, their check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from kb.collection import Collections, Finding, Saved
from kb.collection.verifying import belongs_elsewhere, is_of_other_library
from kb.errors import KbError
from kb.export.entries import Group
from kb.export.plain import copied_text, group_place
from kb.export.words import on_one_line
from kb.library import Library
from kb.references import Run
from kb.ui import words
from kb.ui.links import span_address
from kb.ui.markup import copy_button, escape, link
from kb.ui.passages import spaced
from kb.ui.saving import choose_collection, forget_choice

_STATES = {
    "moved": "These words now stand elsewhere in the library.",
    "changed": "The source now has other words here:",
    "gone": "No source of this library holds these words any more.",
}
_FOREIGN = "From a source that this library does not hold"


def draw_passage(
    saved: Saved,
    group: Group,
    kept: Collections,
    library: Library | None,
    finding: Finding | None,
) -> None:
    """One saved passage with its note, its place in the order and what has become of it.

    Args:
        saved: The passage.
        group: Its quotes, numbered and cited as exports print them.
        kept: The collections.
        library: The opened library, if there is one.
        finding: Where the words stand now, if that was asked.
    """
    entry = saved.entry
    place = group_place(group)
    generation = library.generation if library else ""
    there = span_address(entry.document_id, entry.start, entry.end, generation)
    cited = "".join(text for text, _ in group.citation)
    foreign = _foreign(saved, finding, library)
    told = _finding_html(finding, foreign)
    title = link(there, entry.title, kind="kb-strong")
    st.html(
        f'<article class="kb-passage"><p class="kb-where">{group.numbers}. {title}'
        f'<span class="kb-muted"> · {escape(place)} · {escape(cited)}</span></p>'
        f"{_quotes_html(group)}{told}</article>"
    )
    key = f"kb_saved_{saved.saved_id}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"kb-actions-{key}"):
        for caption, icon, step in (
            ("Up", ":material/arrow_upward:", -1),
            ("Down", ":material/arrow_downward:", 1),
        ):
            st.button(
                caption,
                key=f"{key}_{caption}",
                type="tertiary",
                icon=icon,
                on_click=_tried,
                args=(kept.move, saved.saved_id, step),
            )
        st.html(copy_button(copied_text([group]), "Copy with reference"), width="content")
        if finding and finding.state == "moved":
            st.button(
                "Follow",
                key=f"{key}_follow",
                type="tertiary",
                icon=":material/my_location:",
                on_click=_tried,
                args=(kept.follow, finding),
            )
        st.button(
            "Remove",
            key=f"{key}_remove",
            type="tertiary",
            icon=":material/delete:",
            on_click=_tried,
            args=(kept.remove, saved.saved_id),
        )
    marked = " ✎" if entry.note or entry.tags else ""
    with st.container(key=f"kb-note-{key}"), st.expander(f"Note and tags{marked}"):
        note = st.text_area("Note", entry.note, key=f"{key}_note")
        tags = st.text_input("Tags, with commas", ", ".join(entry.tags), key=f"{key}_tags")
        if (note.strip(), _listed(tags)) != (entry.note, list(entry.tags)):
            kept.annotate(saved.saved_id, note=note, tags=_listed(tags))


def _quotes_html(group: Group) -> str:
    """The quotes of a passage or a list; items as a list."""
    items = [each for each in group.entries if group.is_list and each.is_item]
    ahead = group.entries[: len(group.entries) - len(items)]
    drawn = "".join(f'<p class="kb-text">{spaced(escape(each.quote))}</p>' for each in ahead)
    if items:
        lines = "".join(f"<li>{escape(each.quote)}</li>" for each in items)
        drawn += f'<ul class="kb-lines">{lines}</ul>'
    return drawn


def draw_collection_menu(name: str, kept: Collections) -> None:
    """Renaming and deleting a collection."""
    # Its own for each collection: one that stays open would delete the next.
    with st.popover("Rename or delete", icon=":material/more_horiz:", key=f"kb_menu_{name}"):
        new = st.text_input("New name", name, key=f"kb_rename_{name}")
        new = on_one_line(new)
        if st.button("Rename", key="kb_rename_do", disabled=new in ("", name)):
            if not _changed(kept.rename, name, new):
                return
            choose_collection(new)
            st.rerun()
        held = words.count(len(kept.passages(name)), "passage")
        is_sure = st.checkbox(f"Delete it for good, with {held} and notes", key=f"kb_sure_{name}")
        if st.button("Delete this collection", key=f"kb_delete_{name}", disabled=not is_sure):
            if not _changed(kept.delete, name):
                return
            forget_choice()
            st.rerun()


def reference_html(runs: Sequence[Run]) -> str:
    """A reference with its italics."""
    return "".join(f"<em>{escape(text)}</em>" if slants else escape(text) for text, slants in runs)


def checked(found: Mapping[int, Finding], saved: Sequence[Saved], library: Library) -> str:
    """How many quotes stand unchanged, have changed, or belong to another library."""
    foreign = [each for each in saved if _is_foreign(each, found.get(each.saved_id), library)]
    exact = sum(finding.state == "exact" for finding in found.values())
    parts = [f"{words.count(exact, 'quote')} unchanged"]
    if changed := len(found) - exact - len(foreign):
        parts.append(f"{changed} changed")
    other = sum(is_of_other_library(each, library.settings) for each in foreign)
    if other:
        parts.append(f"{other} from another library")
    if unknown := len(foreign) - other:
        parts.append(f"{unknown} from sources that this library does not hold")
    return ", ".join(parts) + "."


def _is_foreign(saved: Saved, finding: Finding | None, library: Library | None) -> bool:
    if finding is None or finding.state != "gone" or library is None:
        return False
    known = {source.document_id for source in library.sources()}
    return belongs_elsewhere(saved, library.settings, known)


def _foreign(saved: Saved, finding: Finding | None, library: Library | None) -> str:
    """Where a passage comes from that is not here and never was; empty for all others."""
    if library is None or not _is_foreign(saved, finding, library):
        return ""
    is_other = is_of_other_library(saved, library.settings)
    return "From another library" if is_other else _FOREIGN


def _finding_html(finding: Finding | None, foreign: str) -> str:
    if foreign and finding:
        return f'<p class="kb-muted">{foreign} ({escape(finding.path)}).</p>'
    if finding is None or finding.state == "exact":
        return '<p class="kb-muted">Unchanged in the source.</p>' if finding else ""
    lines = "<br>".join(map(escape, finding.quote.split("\n")))
    words_now = f"<br>{lines}" if finding.state == "changed" else ""
    return f'<p class="kb-muted">{_STATES[finding.state]}{words_now}</p>'


def _listed(tags: str) -> list[str]:
    return list(dict.fromkeys(tag.strip() for tag in tags.split(",") if tag.strip()))


def _tried(change: Callable[..., None], *given: object) -> None:
    """Makes a change, or says why not."""
    _changed(change, *given)


def _changed(change: Callable[..., None], *given: object) -> bool:
    """Whether a change was made; another person may have made it impossible meanwhile."""
    try:
        change(*given)
    except KbError as error:
        st.toast(str(error), icon=":material/error:")
        return False
    return True
