"""Answers, searches and comparisons over the shipped texts, for the tests of every export."""

from __future__ import annotations

import re
from pathlib import Path

from kb.records import (
    Answer,
    Cell,
    Citation,
    Comparison,
    Hit,
    Locator,
    Metadata,
    SearchResult,
    Source,
    Statement,
)

CORPUS = Path(__file__).resolve().parents[1] / "corpus"

QUOTES = {
    "adaptive-leadership": (
        "Heifetz and Laurie (1997) name six principles of adaptive leadership: get on the "
        "balcony, identify the adaptive challenge, regulate distress, maintain disciplined "
        "attention, give the work back to people, and protect voices of leadership from below.",
        "Adaptive leaders therefore move between the two many times in the same meeting.",
        "Heifetz (1994) describes authority as power granted in exchange for services such as "
        "direction, protection and order, and distinguishes formal authority, which comes with "
        "a post, from informal authority, which comes from trust and respect. Authority helps "
        "leadership by drawing attention and containing conflict, but it also constrains "
        "leadership, because people in authority are expected to provide answers and not to "
        "disturb.",
    ),
    "weber-authority": (
        "Traditional authority rests on custom, charismatic authority on devotion to an "
        "exceptional person, and legal-rational authority on belief in properly enacted rules.",
        "Recognition by followers is decisive, and a charismatic leader must keep proving the "
        "gift through success, since charisma that fails to benefit its followers fades.",
    ),
    "three-skills": (),
}
_CSL = {
    "adaptive-leadership": {"publisher": "Leadership library", "type": "book"},
    "weber-authority": {
        "type": "article-journal",
        "container-title": "Journal of authority",
        "volume": "12",
        "issue": "3",
        "page": "201-219",
        "DOI": "10.1000/weber.1",
    },
}
_AUTHORS = {
    "adaptive-leadership": ("Ronald A. Heifetz", "Donald L. Laurie"),
    "weber-authority": ("Weber, Max",),
}


def text_of(slug: str) -> str:
    """The text of a shipped file without its front matter."""
    return (CORPUS / f"{slug}.md").read_text(encoding="utf-8").split("---\n", 2)[2]


def source_of(slug: str) -> Source:
    """A source with authors, year and more, so that references have something to show."""
    title = slug.replace("-", " ").capitalize()
    return Source(
        document_id=slug,
        path=f"{slug}.md",
        sha256="0" * 64,
        size_bytes=1,
        format="markdown",
        metadata=Metadata(
            title=title,
            authors=_AUTHORS.get(slug, ()),
            year=1994,
            framework=slug,
            csl=_CSL.get(slug, {}),
        ),
    )


def quoted(slug: str, quote: str, number: int) -> Citation:
    """A citation of words that stand in a shipped text."""
    text = text_of(slug)
    start = text.index(quote)
    headings = tuple(re.findall(r"^#+ (.+)$", text[:start], re.MULTILINE)[-1:])
    source = source_of(slug)
    return Citation(
        number=number,
        passage_id=f"{slug}-{start}",
        document_id=slug,
        path=source.path,
        title=source.title,
        authors=source.metadata.authors,
        year=source.metadata.year,
        framework=slug,
        locator=Locator(None, headings, text[:start].count("\n\n")),
        start=start,
        end=start + len(quote),
        quote=quote,
        score=0.8,
        reference=f"{source.title} (1994)",
    )


def hit_around(citation: Citation, rank: int) -> Hit:
    """The paragraph that holds a quote."""
    text = text_of(citation.document_id)
    start = text.rindex("\n\n", 0, citation.start) + 2
    end = text.index("\n\n", citation.end)
    return Hit(
        rank, citation.passage_id, citation.document_id, citation.path, citation.title,
        citation.framework, citation.locator, start, end, text[start:end], 0.9 / rank,
    )  # fmt: skip


SOURCES = [source_of(slug) for slug in QUOTES]
TEXTS = {slug: text_of(slug) for slug in QUOTES}


def sample_answer() -> Answer:
    """An answered question with quotes above and below forty words from two sources."""
    pairs = [(slug, quote) for slug, quotes in QUOTES.items() for quote in quotes]
    citations = tuple(quoted(slug, quote, at) for at, (slug, quote) in enumerate(pairs, start=1))
    return Answer(
        question="What do these frameworks say about authority?",
        status="answered",
        confidence=0.87,
        kind="what",
        statements=tuple(Statement(each.quote, each.number) for each in citations),
        citations=citations,
        passages=tuple(hit_around(each, at) for at, each in enumerate(citations, start=1)),
        generation="20260101-abc",
        elapsed_ms={"search": 3.5},
    )


def sample_search() -> SearchResult:
    """The passages of the sample answer, found by a search."""
    return SearchResult("authority", sample_answer().passages, "20260101-abc", {"search": 3.5})


def sample_comparison(dimensions: int = 4) -> Comparison:
    """Three frameworks on some dimensions, one cell of each status among them."""
    slugs = tuple(QUOTES)
    names = tuple(f"Dimension {at}: power and authority" for at in range(1, dimensions + 1))
    cells = []
    for at, name in enumerate(names):
        for slug in slugs:
            quotes = QUOTES[slug][at % 2 : at % 2 + 1 + at % 3] if QUOTES[slug] else ()
            status = ("covered" if len(quotes) > 1 else "partly") if quotes else "none"
            found = tuple(quoted(slug, quote, n) for n, quote in enumerate(quotes, start=1))
            cells.append(Cell(slug, name, status, found))
    return Comparison(slugs, names, tuple(cells), "20260101-abc")
