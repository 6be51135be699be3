"""Facts in plain words: how sure, what was found, where it stands."""

from __future__ import annotations

from kb.export.words import CORRECTION
from kb.export.words import count as count
from kb.records import Answer, CellStatus, Locator, Status

# Lower bounds of the calibrated probability that an answer is right; unmeasured wording.
_CONFIDENCE = ((0.95, "very sure"), (0.8, "sure"), (0.6, "fairly sure"))
_UNSURE = "not sure"
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


def confidence(answer: Answer) -> str:
    """How sure the library is, in words; what it answers only in part it is not sure of."""
    if answer.status != "answered":
        return _UNSURE
    return next((word for least, word in _CONFIDENCE if answer.confidence >= least), _UNSURE)


def shown_status(answer: Answer) -> Status:
    """The status that heading and dot show, in agreement with `confidence`.

    The status `answered` begins at a confidence that nobody would call sure.
    """
    is_unsure = answer.status == "answered" and confidence(answer) == _UNSURE
    return "partial" if is_unsure else answer.status


def confidence_number(probability: float) -> str:
    """The calibrated number behind the words, explained."""
    hundred = round(100 * probability)
    return (
        f"{hundred} in 100: of many answers with this number, about {hundred} of 100 "
        "were right when they were checked."
    )


def verdict(answer: Answer) -> tuple[str, str]:
    """Headline and explanation of an answer's status, as `shown_status` has it."""
    status = shown_status(answer)
    sources = len({citation.document_id for citation in answer.citations})
    if status == "answered":
        return (
            f"Answered from {count(sources, 'source')}",
            "Every line below stands word for word in its source.",
        )
    if answer.corrects:
        return ("Perhaps a correction of the question", CORRECTION)
    if status == "partial":
        return (
            "Perhaps an answer, or part of one",
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
