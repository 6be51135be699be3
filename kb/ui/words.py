"""Facts in plain words: how sure, what was found, where it stands."""

from __future__ import annotations

from kb.export.words import count as count
from kb.records import Answer, CellStatus, Locator

# Lower bounds of the calibrated probability that an answer is right; unmeasured wording.
_CONFIDENCE = ((0.95, "very sure"), (0.8, "sure"), (0.6, "fairly sure"), (0.0, "not sure"))
_STAGES = {
    "Reading files": "Reading the files",
    "Embedding passages": "Learning what the passages mean",
    "Counting words": "Counting the words",
    "Writing": "Writing the index",
    "Adding files": "Adding the files",
    "Asking": "Asking the questions",
}
FORMATS = {
    "text": "Plain text",
    "markdown": "Markdown",
    "html": "Web page",
    "pdf": "PDF",
    "docx": "Word",
    "pptx": "Slides",
    "epub": "E-book",
}
CELL_WORDS: dict[CellStatus, str] = {
    "covered": "covered",
    "partly": "partly",
    "none": "no passage found",
}


def confidence(probability: float) -> str:
    """How sure the library is, in words."""
    return next(word for least, word in _CONFIDENCE if probability >= least)


def confidence_number(probability: float) -> str:
    """The calibrated number behind the words, explained."""
    hundred = round(100 * probability)
    return (
        f"{hundred} in 100: of many answers with this number, about {hundred} of 100 "
        "were right when they were checked."
    )


def verdict(answer: Answer) -> tuple[str, str]:
    """Headline and explanation of an answer's status."""
    sources = len({citation.document_id for citation in answer.citations})
    if answer.status == "answered":
        return (
            f"Answered from {count(sources, 'source')}",
            "Every line below stands word for word in its source.",
        )
    if answer.status == "partial":
        return (
            "Only part of an answer",
            "These lines touch the question, but they may not answer it in full.",
        )
    return (
        "This library does not hold an answer",
        "Nothing was made up. The passages below come nearest."
        if answer.passages
        else "Nothing in it comes near, or your filters leave no source.",
    )


def place(locator: Locator, title: str = "") -> str:
    """Where a passage stands: page, heading path without the title, paragraph."""
    headings = [name for name in locator.headings if name.casefold() != title.casefold()]
    parts = [f"page {locator.page}"] if locator.page else []
    parts += [" › ".join(headings)] if headings else []
    parts += [f"paragraph {locator.paragraph}"]
    return ", ".join(parts)


def short_place(locator: Locator) -> str:
    """The page if there is one, else the paragraph."""
    return f"page {locator.page}" if locator.page else f"paragraph {locator.paragraph}"


def progress(stage: str, done: int, total: int) -> tuple[float, str]:
    """Share done in [0, 1] and the stage in words."""
    named = _STAGES.get(stage, stage)
    if not total:
        return 0.0, f"{named} …"
    return min(1.0, done / total), f"{named}: {done:,} of {total:,}"
