"""The frozen records that travel through the house, and the `Embedder` protocol.

All offsets are character offsets into `Document.text`, half open: `text[start:end]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
else:
    Vectors = Any  # the process that parses files starts in half the time without numpy

BlockKind = Literal["heading", "paragraph", "item", "table", "code", "note", "furniture"]
Status = Literal["answered", "partial", "not_found"]
CellStatus = Literal["covered", "partly", "none"]


@dataclass(frozen=True, slots=True)
class Block:
    """One structural piece of a document's text.

    Attributes:
        kind: What the piece is. `furniture` (menus, share buttons, running heads) is
            neither indexed nor quoted.
        start: First character in `Document.text`; bullets and numbering lie outside.
        end: One past the last character.
        level: Heading depth from 1, list depth from 1 for an item, else 0.
        page: Page or slide as printed, or None where the format has none.
        ordered: True for an item of a numbered list.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    page: str | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Metadata:
    """Bibliographic facts about one file; None or empty where nobody stated them.

    Attributes:
        framework: Slug of the leadership framework the text is about.
        family: Family of that framework, as the library names families.
        aliases: Other names of the framework.
        people: Full names of its originators.
        cites: Keys of the works the text draws on, as in `references.json`.
        csl: Further CSL-JSON fields (publisher, container-title, DOI, URL, type).
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    framework: str | None = None
    family: str | None = None
    aliases: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    csl: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader understood of one file's bytes.

    Attributes:
        text: The cleaned text. Readers delete markup; they do not rewrite white space
            or words, apart from what `raw_spans` can undo (ligatures, joined hyphens).
        blocks: In order of `start`, not overlapping.
        raw_spans: Runs `(start in text, start in raw text, length)` in order; empty means
            that text and raw text are the same.
        metadata: What the file says of itself.
        problems: Sentences for the person who added the file; empty if all went well.
    """

    text: str
    blocks: tuple[Block, ...]
    raw_spans: tuple[tuple[int, int, int], ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the corpus folder and what is known about it.

    Attributes:
        document_id: Stable for a path: 12 hexadecimal digits of the SHA-256 of `path`.
        path: Relative to the corpus folder, with forward slashes.
        sha256: Of the file's bytes and of its sidecar, if there is one.
        format: `text`, `markdown`, `html`, `pdf`, `docx`, `pptx` or `epub`.
        metadata: The file's own, overridden by its sidecar; `title` is never None.
    """

    document_id: str
    path: str
    sha256: str
    size_bytes: int
    format: str
    metadata: Metadata

    @property
    def title(self) -> str:
        """The title to show; falls back to the path."""
        return self.metadata.title or self.path


@dataclass(frozen=True, slots=True)
class Document:
    """A source with its text; see `Reading` for the fields that it takes over."""

    source: Source
    text: str
    blocks: tuple[Block, ...]
    raw_spans: tuple[tuple[int, int, int], ...] = ()
    problems: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Of the identifier and the length, not of everything: documents are kept by it."""
        return hash((self.document_id, len(self.text)))

    @property
    def document_id(self) -> str:
        """The source's identifier."""
        return self.source.document_id

    def raw_offset(self, offset: int) -> int:
        """Offset in the raw text of the character at `offset` of `text`.

        Inside a run the answer is exact; for a character that stands in no run (an
        inserted space, a joined line) it is the end of the run before.
        """
        raw = offset if not self.raw_spans else 0
        for text_start, raw_start, length in self.raw_spans:
            if text_start > offset:
                break
            raw = raw_start + min(offset - text_start, length)
        return raw


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a person finds a passage: page or slide, heading path, paragraph number.

    `paragraph` counts paragraphs and list items of the document from 1.
    """

    page: str | None
    headings: tuple[str, ...]
    paragraph: int

    @property
    def heading(self) -> str:
        """The nearest heading; "" above the first one."""
        return self.headings[-1] if self.headings else ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable stretch of one document: `document.text[start:end] == text`.

    Attributes:
        passage_id: 16 hexadecimal digits; a function of document, offsets and text.
        context: Title and heading path, put before the text for embedding and BM25 and
            never quoted.
        tokens: Word pieces of `context` and `text` together, special tokens included.
    """

    passage_id: str
    document_id: str
    start: int
    end: int
    text: str
    context: str
    locator: Locator
    tokens: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; `score` is a fused score in [0, 1], higher is closer."""

    rank: int
    passage_id: str
    document_id: str
    path: str
    title: str
    framework: str | None
    locator: Locator
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `quote == document.text[start:end]`."""

    number: int
    passage_id: str
    document_id: str
    path: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    framework: str | None
    locator: Locator
    start: int
    end: int
    quote: str
    score: float
    reference: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One quoted sentence or list item of an answer.

    Attributes:
        text: The citation's quote, word for word.
        citation: Number of the citation.
        marks: Spans `(start, end)` in `text` of the words that answer a who, when or
            how-many question; empty otherwise.
    """

    text: str
    citation: int
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says to a question.

    Attributes:
        confidence: Calibrated probability in [0, 1] that the answer is right.
        kind: Kind of question, as `kb.questions` names kinds.
        statements: Empty if and only if `status` is `not_found`.
        passages: The nearest passages, best first, also when nothing was found.
        elapsed_ms: Milliseconds by stage.
        corrects: Whether the first statement seems to say otherwise than the question takes for
            granted; such an answer is `partial`.
    """

    question: str
    status: Status
    confidence: float
    kind: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    generation: str
    elapsed_ms: Mapping[str, float]
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Passages for a query, best first."""

    query: str
    passages: tuple[Hit, ...]
    generation: str
    elapsed_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one framework says on one dimension; citations are its own only."""

    framework: str
    dimension: str
    status: CellStatus
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Frameworks as columns, dimensions as rows, one cell for each pair, row by row."""

    frameworks: tuple[str, ...]
    dimensions: tuple[str, ...]
    cells: tuple[Cell, ...]
    generation: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrictions on the sources that may answer; empty or None restricts nothing.

    Attributes:
        documents: Identifiers of the sources.
    """

    frameworks: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of and from.

    Attributes:
        generation: Identifier; a function of everything below but `created`.
        embedder: Fingerprint of the embedding model.
        dimension: Length of its vectors.
        settings: The settings that shape passages and vectors.
        corpus_digest: SHA-256 over path and SHA-256 of every source.
        files: SHA-256 by file name of the generation.
        versions: Version by package name.
    """

    generation: str
    created: str
    embedder: str
    dimension: int
    settings: Mapping[str, Any]
    corpus_digest: str
    documents: int
    passages: int
    problems: tuple[str, ...]
    files: Mapping[str, str]
    versions: Mapping[str, str]


class Embedder(Protocol):
    """Turns texts into unit vectors.

    Attributes:
        fingerprint: Changes whenever the same text may get another vector.
        dimension: Length of a vector.
        max_tokens: Word pieces that the model reads, special tokens included.
    """

    fingerprint: str
    dimension: int
    max_tokens: int

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (number of texts, dimension), in the order of `texts`."""
        ...
