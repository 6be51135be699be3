"""What the address of a page says, and writing it: every view can be shared at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

_ENTERED = "kb_entered"
_WRITTEN = "kb_address"
Parameters = Mapping[str, Sequence[str]]


def enter(page: str) -> None:
    """Notes which page is drawn; one that was left and entered again is drawn from its address.

    Streamlit forgets the fields of a page that is left, so what this page wrote says nothing then.
    """
    if st.session_state.get(_ENTERED) != page:
        st.session_state.pop(_WRITTEN, None)
    st.session_state[_ENTERED] = page


def arrived(page: str) -> Parameters | None:
    """The parameters that a link brought; None while the address is what this page wrote."""
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    return None if st.session_state.get(_WRITTEN) == (page, now) else now


def write(page: str, parameters: Mapping[str, str | int | Sequence[str] | None]) -> None:
    """Makes the address say what the page shows; empty parameters are left out."""
    listed: dict[str, list[str]] = {}
    for name, value in parameters.items():
        found = (
            [str(value)] if isinstance(value, str | int) else [str(each) for each in value or ()]
        )
        if kept := [each for each in found if each]:
            listed[name] = kept
    if pinned := st.query_params.get("generation"):
        listed.setdefault("generation", [pinned])
    if {name: st.query_params.get_all(name) for name in st.query_params} != listed:
        st.query_params.from_dict(listed)
    st.session_state[_WRITTEN] = (page, listed)


def first(parameters: Parameters, name: str) -> str:
    """The first value of a parameter; empty if there is none."""
    return next(iter(parameters.get(name, ())), "")


def number(parameters: Parameters, name: str) -> int | None:
    """A parameter as a number; None if it is none."""
    found = first(parameters, name)
    return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else None


def known(
    parameters: Parameters, name: str, options: Iterable[str], noun: str
) -> tuple[list[str], list[str]]:
    """The values that the library knows, and a sentence on each that it does not."""
    allowed = set(options)
    given = list(dict.fromkeys(parameters.get(name, ())))
    unknown = [f"This library has no {noun} “{each}”." for each in given if each not in allowed]
    return [each for each in given if each in allowed], unknown
