"""Fit the extractive reader on SQuAD's training set.

Two steps, since the second wants a graphics card (ten epochs: two minutes on one, hours on two
cores), and a third that trains the encoder and this reader on together::

    python eval/train_extractive.py prepare train-v1.1.json --index index/training --out squad.xz
    python eval/train_extractive.py fit squad.xz --model FOLDER --out reader.json
    python eval/train_encoder.py squad.xz ../shared/data --index index/training --reader reader.json

`prepare` cuts SQuAD's paragraphs into passages as the product does and notes for every question
where its answer stands and which passages come near it. `fit` reads both with the frozen model,
keeps the word vectors as the product stores them and trains `Reader`; articles whose name's
checksum begins below `HELD_BACK` are not fitted but measured. SQuAD 1.1: Rajpurkar et al. 2016,
arXiv 1606.05250, CC BY-SA 4.0. Its training articles are none of those of the development set,
so no test question of ours or of `squad2_dev` is among them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import math
import pickle
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from kb.index import Generation
    from kb.tables import PassageRow

ROOT = Path(__file__).parent.parent
HELD_BACK = 20  # of 256: articles whose questions are measured, not fitted
NEAR = 12  # passages noted for a question, nearest by the passage vectors
NEGATIVES = 7  # of them beside the right one in each step
WORDS = 128  # of a passage that are read in training
PIECES = 40  # of a question
TOKENS = 256  # of a text that the model reads
BATCH = 256  # questions
EPOCHS = 10
RATE = 2e-3
DECAY = 0.02
DROPOUT = 0.1
WIDTH, HEADS, REACH = 64, 4, 12
KINDS = ("cross", "self", "cross")
# Log of the words' shares that a passage without an answer is pushed below; sets the scale alone.
ABSENT = 3.0
AVERAGED_EVERY = 5  # steps; the mean of the weights over the last ones is kept
OUT_OF_TEXT, IN_CONTEXT = -2, -1  # beside the number of a word's sentence
NOWHERE = -1e4  # logit of what is not there


class Attention(nn.Module):
    """Several heads, over the question's pieces or over the passage's own words."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        if kind == "self":
            self.distance = nn.Parameter(torch.zeros(HEADS, 2 * REACH + 1))
            self.same_sentence = nn.Parameter(torch.zeros(HEADS))

    def forward(
        self, words: torch.Tensor, keys: torch.Tensor | None, offset: torch.Tensor
    ) -> torch.Tensor:
        """The words with what they attend to added; `keys` None stands for the words."""
        normed = self.norm(words)
        keys = normed if keys is None else keys
        query, key, value = (
            part.unflatten(-1, (HEADS, -1)).transpose(1, 2)
            for part in (self.query(normed), self.key(keys), self.value(keys))
        )
        logits = query @ key.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + offset
        heard = (logits.softmax(-1) @ value).transpose(1, 2).flatten(2)
        return words + self.out(heard)

    def offset(self, sentences: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        """Added to the logits between words: by distance, within a sentence, to no padding."""
        places = torch.arange(sentences.shape[1], device=sentences.device)
        apart = (places[None] - places[:, None]).clamp(-REACH, REACH) + REACH
        same = (sentences[:, :, None] == sentences[:, None]).float()
        offset = self.distance[:, apart][None] + self.same_sentence[:, None, None] * same[:, None]
        return offset.masked_fill(~present[:, None, None], NOWHERE)


class Reader(nn.Module):
    """The network that `kb/extractive.py` runs; its parameters have the same names there."""

    def __init__(self, word_width: int, text_width: int) -> None:
        super().__init__()
        self.word = nn.Linear(word_width, WIDTH)
        self.likeness = nn.Linear(7, WIDTH)
        self.piece = nn.Linear(word_width, WIDTH)
        self.text = nn.Linear(text_width, WIDTH)
        self.question_norm = nn.LayerNorm(WIDTH)
        self.importance = nn.Linear(word_width, 1)
        self.attentions = nn.ModuleList(Attention(kind) for kind in KINDS)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in KINDS)
        self.widen = nn.ModuleList(nn.Linear(WIDTH, 2 * WIDTH) for _ in KINDS)
        self.narrow = nn.ModuleList(nn.Linear(2 * WIDTH, WIDTH) for _ in KINDS)
        self.last_norm = nn.LayerNorm(WIDTH)
        self.answer = nn.Linear(WIDTH, 1)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(
        self,
        words: torch.Tensor,
        sentences: torch.Tensor,
        pieces: torch.Tensor,
        is_piece: torch.Tensor,
        text: torch.Tensor,
    ) -> torch.Tensor:
        """Logit of each word that it belongs to the answer.

        Args:
            words: Unit vectors, shape (passages, words, word_width); as many passages of each
                question stand together as there are passages for one.
            sentences: Number of each word's sentence, IN_CONTEXT or OUT_OF_TEXT.
            pieces: Unit vectors of the questions, shape (questions, pieces, word_width).
            is_piece: Which of them are no padding.
            text: Unit vectors of the questions, shape (questions, text_width).
        """
        each = len(words) // len(pieces)
        present = sentences > OUT_OF_TEXT
        alike = self._likeness(words, sentences, pieces, is_piece)
        found = self.dropout(self.word(words) + self.likeness(alike))
        asked = torch.cat([self.piece(pieces), self.text(text)[:, None]], 1)
        asked = self.question_norm(asked).repeat_interleave(each, 0)
        is_asked = functional.pad(is_piece, (0, 1), value=True).repeat_interleave(each, 0)
        padding = torch.zeros_like(is_asked, dtype=words.dtype).masked_fill(~is_asked, NOWHERE)
        for n, kind in enumerate(KINDS):
            attention = self.attentions[n]
            if kind == "cross":
                found = attention(found, asked, padding[:, None, None])
            else:
                found = attention(found, None, attention.offset(sentences, present))
            wide = functional.relu(self.widen[n](self.norms[n](found)))
            found = found + self.narrow[n](wide)
        return self.answer(self.last_norm(found)).squeeze(-1).float().masked_fill(~present, NOWHERE)

    def _likeness(
        self,
        words: torch.Tensor,
        sentences: torch.Tensor,
        pieces: torch.Tensor,
        is_piece: torch.Tensor,
    ) -> torch.Tensor:
        """How near each word and what stands around it come to the question's pieces."""
        count, length = sentences.shape
        each = count // len(pieces)
        cosines = words.unflatten(0, (len(pieces), each)).flatten(1, 2) @ pieces.transpose(1, 2)
        cosines = cosines.float().reshape(count, length, -1)
        cosines = cosines.masked_fill((sentences <= OUT_OF_TEXT)[..., None], -1.0)
        weights = self.importance(pieces).squeeze(-1).float().masked_fill(~is_piece, NOWHERE)
        weights = weights.softmax(-1).repeat_interleave(each, 0)
        is_piece = is_piece.repeat_interleave(each, 0)
        even = is_piece.float() / is_piece.sum(1, keepdim=True).clamp(min=1)
        runs = (sentences + 1).clamp(min=0).long()  # 0 is the title and the headings
        nothing = cosines.new_full((count, int(runs.max()) + 1, cosines.shape[2]), -1.0)
        maxima = nothing.scatter_reduce(1, runs[..., None].expand_as(cosines), cosines, "amax")
        in_context = torch.maximum(maxima, maxima[:, :1])
        before = torch.cat([nothing[:, :2], maxima[:, 1:-1]], 1)[:, : maxima.shape[1]]
        two = torch.maximum(in_context, before)

        def mean(values: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
            return (values * shares[:, None]).sum(-1)

        whole = mean(maxima.amax(1, keepdim=True), weights).expand(-1, maxima.shape[1])
        of_runs = torch.stack(
            [mean(in_context, even), mean(in_context, weights), mean(two, weights), whole], -1
        )
        of_words = torch.stack(
            [
                cosines.masked_fill(~is_piece[:, None], -1.0).amax(-1),
                mean(cosines, weights),
                (sentences < 0).float(),
            ],
            -1,
        )
        return torch.cat([of_words, of_runs.gather(1, runs[..., None].expand(-1, -1, 4))], -1)


def loss_of(logits: torch.Tensor, right: torch.Tensor, marked: torch.Tensor) -> torch.Tensor:
    """Share of the right sentence and of the marked words, and whether a passage answers.

    Args:
        logits: Shape (questions * passages, words).
        right: Words of a sentence that holds the answer, shape (questions, passages, words).
        marked: Words of the answer, likewise.
    """
    questions, passages, _ = right.shape
    flat = logits.view(questions, -1)
    total = flat.logsumexp(1)
    lost = torch.zeros((), device=logits.device)
    for wanted, share in ((right, 1.0), (marked, 0.5)):
        wanted = wanted.flatten(1)
        off = total - flat.masked_fill(~wanted, NOWHERE).logsumexp(1)
        lost = lost + share * (off * wanted.any(1)).mean()
    found = logits.logsumexp(1).view(questions, passages) - ABSENT
    answers = torch.zeros_like(found)
    answers[:, 0] = 1
    return lost + 0.5 * functional.binary_cross_entropy_with_logits(found, answers)


@dataclass
class Passages:
    """What SQuAD holds, cut as the product cuts it.

    Attributes:
        texts: Passages as the model reads them, title in front.
        sentences: Bounds of each one's sentences in its text.
        articles: Title of each one's article.
        questions: Texts.
        answers: Of each question the passage that holds its answer and its bounds there.
        near: Of each question passages that come near it and do not hold the answer.
        projection: Of word vectors.
        stopwords: Words that no vector is kept of.
    """

    texts: list[str]
    sentences: list[np.ndarray]
    articles: list[str]
    questions: list[str]
    answers: list[tuple[int, int, int]]
    near: np.ndarray
    projection: np.ndarray
    stopwords: frozenset[str]


def prepare(squad: Path, index: Path) -> Passages:
    """SQuAD's paragraphs as passages of the product's own, and its questions to them."""
    from kb.evaluation.bench import prepare as prepared
    from kb.evaluation.datasets import load_dataset
    from kb.lexical import STOPWORDS
    from kb.settings import load_settings

    folder = index / "squad_train"
    _write_collection(squad, folder)
    settings = load_settings(corpus=ROOT / "corpus", index=index)
    bench = prepared(load_dataset(folder), settings)
    generation, embedder = bench.library._generation, bench.library._embedder
    rows, texts, before = passages_of(generation)
    by_document: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        by_document.setdefault(row.passage.document_id, []).append(number)
    questions, answers = [], []
    for question in bench.dataset.questions:
        gold = question.gold[0]
        start, end = gold.spans[0]
        for number in by_document[gold.document]:
            if any(a < end and start < b for a, b in rows[number].sentences):
                questions.append(question.text)
                answers.append((number, start + before[number], end + before[number]))
                break
    vectors = generation.vectors(np.arange(generation.count))
    near = np.zeros((len(questions), NEAR), np.int32)
    for first in range(0, len(questions), 1024):
        few = slice(first, first + 1024)
        cosines = embedder.encode(questions[few]) @ vectors.T
        cosines[np.arange(len(cosines)), [number for number, _, _ in answers[few]]] = -1
        near[few] = np.argsort(-cosines, axis=1)[:, :NEAR]
    sentences = [
        np.array(row.sentences, np.int32).reshape(-1, 2) + shift
        for row, shift in zip(rows, before, strict=True)
    ]
    articles = [row.passage.document_id.rpartition("#")[0] for row in rows]
    return Passages(
        texts,
        sentences,
        articles,
        questions,
        answers,
        near,
        generation.projection,
        frozenset(STOPWORDS),
    )


def passages_of(generation: Generation) -> tuple[list[PassageRow], list[str], list[int]]:
    """All passages of an index, their texts as the model reads them, and where these begin.

    What is added to an offset in the document gives that in the text.
    """
    from kb.passages import embedded_text

    rows = generation.tables.passages(list(range(generation.count)))
    texts = [embedded_text(row.passage) for row in rows]
    before = [
        len(text) - len(row.passage.text) - row.passage.start
        for text, row in zip(texts, rows, strict=True)
    ]
    return rows, texts, before


def _write_collection(squad: Path, folder: Path) -> None:
    """SQuAD's file as a collection of paragraphs, questions and marked answers."""
    folder.mkdir(parents=True, exist_ok=True)
    documents, queries, relevant, answers = [], [], ["query-id\tcorpus-id\tscore"], []
    for article in json.loads(squad.read_text(encoding="utf-8"))["data"]:
        title = article["title"].replace("_", " ")
        for number, paragraph in enumerate(article["paragraphs"]):
            document = f"{title}#{number}"
            documents.append({"_id": document, "title": title, "text": paragraph["context"]})
            for asked in paragraph["qas"]:
                text = asked["question"].strip()
                spans = [{"text": a["text"], "start": a["answer_start"]} for a in asked["answers"]]
                queries.append({"_id": asked["id"], "text": text})
                relevant.append(f"{asked['id']}\t{document}\t1")
                answers.append({"_id": asked["id"], "doc_id": document, "answers": spans})
    for name, lines in (("corpus", documents), ("queries", queries), ("answers", answers)):
        written = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(written, encoding="utf-8")
    (folder / "qrels.tsv").write_text("\n".join(relevant) + "\n", encoding="utf-8")


@dataclass
class Vectors:
    """Everything that the network reads, on the device that trains it."""

    words: torch.Tensor  # int8, shape (passages, WORDS, word width)
    sentences: torch.Tensor  # shape (passages, WORDS)
    pieces: torch.Tensor  # shape (questions, PIECES, word width)
    is_piece: torch.Tensor
    texts: torch.Tensor  # shape (questions, text width)
    rows: torch.Tensor  # passage with the answer, and those near: shape (questions, 1 + NEAR)
    right: torch.Tensor  # words of sentences with the answer, shape (questions, WORDS)
    marked: torch.Tensor  # words of the answer, likewise

    def batch(
        self, questions: torch.Tensor, negatives: int, *, drawn: bool
    ) -> tuple[tuple[torch.Tensor, ...], torch.Tensor, torch.Tensor]:
        """Input of the network, and the right and the marked words.

        Args:
            questions: Numbers.
            negatives: Passages beside the right one.
            drawn: Whether they are drawn at random; else the nearest.
        """
        rows = self.rows[questions]
        if drawn:
            order = torch.rand(rows[:, 1:].shape, device=rows.device).argsort(1)
            rows = torch.cat([rows[:, :1], rows[:, 1:].gather(1, order)], 1)
        rows = rows[:, : 1 + negatives].flatten()
        length = int((self.sentences[rows] > OUT_OF_TEXT).sum(1).max())
        pieces = int(self.is_piece[questions].sum(1).max())
        shape = (len(questions), 1 + negatives, length)
        right, marked = (torch.zeros(shape, dtype=torch.bool, device=rows.device) for _ in range(2))
        right[:, 0] = self.right[questions, :length]
        marked[:, 0] = self.marked[questions, :length]
        read = (
            functional.normalize(self.words[rows, :length].float(), dim=-1),
            self.sentences[rows, :length],
            self.pieces[questions, :pieces].float(),
            self.is_piece[questions, :pieces],
            self.texts[questions],
        )
        return read, right, marked


class Encoder:
    """The frozen model, and the word vectors that the product makes of its output.

    Attributes:
        model: The plain one, its weights rounded to 16 bits.
        tokenizer: Cuts at `TOKENS`.
        projection: Of word vectors, shape (dimension, word dimension).
    """

    def __init__(self, folder: Path, found: Passages) -> None:
        from safetensors.torch import load_file
        from tokenizers import Tokenizer
        from transformers import BertConfig, BertModel

        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(TOKENS)
        config = json.loads((folder / "config.json").read_text())
        # Written out, attention is trained faster on a CPU than fused.
        shape = BertConfig(**config, attn_implementation="eager")
        self.model = BertModel(shape).to(self.device).eval()
        weights = load_file(folder / "model.safetensors")
        rounded = {n: w.half().float() for n, w in weights.items() if w.is_floating_point()}
        self.model.load_state_dict(rounded, strict=False)
        self.projection = torch.tensor(found.projection, device=self.device)
        self._stopwords = found.stopwords
        self._found = found

    def vectors(self) -> Vectors:
        """Words of the passages and pieces of the questions, as the product keeps them."""
        found = self._found
        words, sentences, starts = self._words(found)
        pieces, is_piece, texts = self._pieces(found.questions)
        right = torch.zeros((len(found.questions), WORDS), dtype=torch.bool)
        marked = torch.zeros_like(right)
        for number, (row, start, end) in enumerate(found.answers):
            is_right = np.isin(sentences[row], holding(found.sentences[row], start, end))
            right[number] = torch.from_numpy(is_right)
            within = (starts[row] >= start) & (starts[row] < end)
            marked[number, : len(within)] = torch.from_numpy(within)
        rows = np.hstack([np.array([row for row, _, _ in found.answers])[:, None], found.near])
        return Vectors(
            words,
            torch.from_numpy(sentences).to(self.device),
            pieces,
            is_piece,
            texts,
            torch.from_numpy(rows).long().to(self.device),
            right.to(self.device),
            marked.to(self.device),
        )

    def _output(self, ids: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Output vectors and mask of a batch."""
        width = max(map(len, ids))
        padded = np.zeros((len(ids), width), np.int64)
        mask = np.zeros_like(padded)
        for number, row in enumerate(ids):
            padded[number, : len(row)] = row
            mask[number, : len(row)] = 1
        read, present = (torch.from_numpy(part).to(self.device) for part in (padded, mask))
        with torch.no_grad():
            output = self.model(input_ids=read, attention_mask=present).last_hidden_state
        return output, present

    def _words(self, found: Passages) -> tuple[torch.Tensor, np.ndarray, list[np.ndarray]]:
        """Word vectors as int8, sentence number of every word, and the words' offsets."""
        count = len(found.texts)
        words = torch.zeros(
            (count, WORDS, self.projection.shape[1]), dtype=torch.int8, device=self.device
        )
        sentences = np.full((count, WORDS), OUT_OF_TEXT, np.int64)
        starts: list[np.ndarray] = [np.zeros(0, np.int64)] * count
        encoded = self.tokenizer.encode_batch(found.texts)
        order = sorted(range(count), key=lambda number: len(encoded[number].ids))
        for first in range(0, count, BATCH):
            few = order[first : first + BATCH]
            output, _ = self._output([encoded[number].ids for number in few])
            sums = functional.pad(output.cumsum(1), (0, 0, 1, 0))
            for number, total in zip(few, sums, strict=True):
                begins, ends, at = self.word_runs(found.texts[number], encoded[number].offsets)
                runs = (torch.from_numpy(part).to(self.device) for part in (begins, ends))
                begun, ended = runs
                kept = functional.normalize((total[ended] - total[begun]) @ self.projection)
                peaks = kept.abs().amax(-1, keepdim=True).clamp(min=1e-12)
                words[number, : len(at)] = (kept * (127 / peaks)).round().to(torch.int8)
                starts[number] = at
                sentences[number, : len(at)] = sentences_of(at, found.sentences[number])
        return words, sentences, starts

    def word_runs(
        self, text: str, offsets: list[tuple[int, int]]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """First and last row and offset of every kept word; `kb.interaction.word_vectors`."""
        bounds = np.array(offsets, np.int64).reshape(-1, 2)
        rows = np.flatnonzero(bounds[:, 1] > bounds[:, 0])
        start, end = bounds[rows, 0], bounds[rows, 1]
        begins = np.ones(len(rows), bool)
        for piece in np.flatnonzero(start[1:] == end[:-1]) + 1:
            at = int(start[piece])
            begins[piece] = not (text[at].isalnum() and text[at - 1].isalnum())
        first = np.flatnonzero(begins)
        last = np.append(first[1:], len(rows)) - 1
        spelt = [text[a:b] for a, b in zip(start[first], end[last], strict=True)]
        kept = np.array([w.isalnum() and w.lower() not in self._stopwords for w in spelt], bool)
        first, last = (first[kept], last[kept]) if kept.any() else (first, last)
        return rows[first][:WORDS], rows[last][:WORDS] + 1, start[first][:WORDS]

    def _pieces(self, questions: list[str]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Unit vectors of the questions' pieces, which are there, and of the whole questions."""
        count, width = len(questions), self.projection.shape[1]
        pieces = torch.zeros((count, PIECES, width), dtype=torch.float16, device=self.device)
        is_piece = torch.zeros((count, PIECES), dtype=torch.bool, device=self.device)
        texts = torch.zeros((count, self.projection.shape[0]), device=self.device)
        encoded = self.tokenizer.encode_batch(questions)
        order = sorted(range(count), key=lambda number: len(encoded[number].ids))
        for first in range(0, count, BATCH):
            few = order[first : first + BATCH]
            output, present = self._output([encoded[number].ids for number in few])
            kept = functional.normalize(output @ self.projection, dim=-1)[:, 1 : PIECES + 1]
            there = present[:, 2 : PIECES + 2].bool()  # neither the first nor the last piece
            at = torch.tensor(few, device=self.device)
            pieces[at, : there.shape[1]] = kept[:, : there.shape[1]].half()
            is_piece[at, : there.shape[1]] = there
            mean = (output * present[..., None]).sum(1) / present.sum(1, keepdim=True)
            texts[at] = functional.normalize(mean, dim=-1)
        return pieces, is_piece, texts


def holding(bounds: np.ndarray, start: int, end: int) -> np.ndarray:
    """Numbers of the sentences that a stretch of the text touches."""
    return np.flatnonzero((bounds[:, 0] < end) & (bounds[:, 1] > start))


def sentences_of(starts: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Number of the sentence that each word stands in; IN_CONTEXT outside all of them."""
    if not len(bounds):
        return np.full(len(starts), IN_CONTEXT)
    sentence = np.searchsorted(bounds[:, 0], starts, side="right") - 1
    inside = (sentence >= 0) & (starts < bounds[np.maximum(sentence, 0), 1])
    return np.where(inside, sentence, IN_CONTEXT)


@torch.no_grad()
def measured(network: Reader, read: Vectors, questions: torch.Tensor) -> dict[str, float]:
    """Shares of questions for which the right sentence has the highest logit.

    `sentence`: among those of the right passage; `passage`: the right passage among ten;
    `first`: the sentence among those of ten passages.
    """
    network.eval()
    counts = dict.fromkeys(("sentence", "passage", "first"), 0)
    seen = 0
    for few in questions.split(64):
        given, right, _ = read.batch(few, 9, drawn=False)
        sentences = given[1]
        logits = network(*given)
        runs = functional.one_hot(sentences.clamp(min=0), int(sentences.max()) + 1).bool()
        runs &= (sentences >= 0)[..., None]
        each = logits[..., None].masked_fill(~runs, NOWHERE).logsumexp(1)
        each = each.view(len(few), 10, -1)
        whole = logits.masked_fill(sentences < 0, NOWHERE).logsumexp(1).view(len(few), 10)
        best = each[:, 0].argmax(1)
        own = sentences.view(len(few), 10, -1)[:, 0]
        there = right[:, 0].any(1)
        hit = ((own == best[:, None]) & right[:, 0]).any(1)
        counts["sentence"] += int(hit.sum())
        counts["passage"] += int(((whole.argmax(1) == 0) & there).sum())
        counts["first"] += int((hit & (each.flatten(1).argmax(1) == best)).sum())
        seen += int(there.sum())
    network.train()
    return {name: round(count / max(seen, 1), 4) for name, count in counts.items()}


def fit(found: Passages, encoder: Encoder) -> tuple[Reader, dict[str, Any]]:
    """The network, its weights averaged over the last steps, and the record of its training."""
    torch.manual_seed(0)
    read = encoder.vectors()
    held = [is_held_back(found.articles[row]) for row, _, _ in found.answers]
    back = torch.tensor(held, device=read.rows.device)
    fitted, measuring = (~back).nonzero().flatten(), back.nonzero().flatten()
    network = Reader(read.words.shape[2], read.texts.shape[1]).to(encoder.device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(fitted) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=steps + 1, pct_start=0.05
    )
    mean = {name: value.detach().clone() for name, value in network.state_dict().items()}
    epochs = []
    began, step = time.perf_counter(), 0
    for epoch in range(EPOCHS):
        lost = 0.0
        for few in fitted[torch.randperm(len(fitted), device=fitted.device)].split(BATCH)[:-1]:
            given, right, marked = read.batch(few, NEGATIVES, drawn=True)
            with torch.autocast(encoder.device, torch.bfloat16, enabled=encoder.device == "cuda"):
                logits = network(*given)
            loss = loss_of(logits, right, marked)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            lost += loss.detach()
            step += 1
            if step % AVERAGED_EVERY == 0:
                share = min(0.99, step / (step + 50))
                now = network.state_dict()
                torch._foreach_lerp_(list(mean.values()), [now[n] for n in mean], 1 - share)
        epochs.append(
            {"loss": round(float(lost) * BATCH / len(fitted), 4)}
            | measured(network, read, measuring[::6])
        )
        print(epoch, round(time.perf_counter() - began), epochs[-1], flush=True)
    network.load_state_dict(mean)
    record = {
        "questions": len(fitted),
        "held_back": len(measuring),
        "passages": len(found.texts),
        "epochs": epochs,
        "averaged": measured(network, read, measuring),
    }
    print(record["averaged"], flush=True)
    return network, record


def is_held_back(article: str) -> bool:
    """Whether an article's questions are measured, not fitted."""
    return hashlib.sha256(article.encode()).digest()[0] < HELD_BACK


def as_text(network: Reader, model: str) -> str:
    """The weights, rounded to 16 bits, as the product reads them."""
    from kb.arrays import as_text as array_text

    arrays = {name: array_text(value.cpu().numpy()) for name, value in network.state_dict().items()}
    stated = {"model": model, "heads": HEADS, "reach": REACH, "kinds": KINDS, "arrays": arrays}
    return json.dumps(stated, indent=1)


def main() -> None:
    """Prepare or fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    steps = parser.add_subparsers(dest="step", required=True)
    first = steps.add_parser("prepare")
    first.add_argument("squad", type=Path, help="train-v1.1.json")
    first.add_argument("--index", type=Path, default=ROOT / "index" / "training")
    first.add_argument("--out", type=Path, required=True)
    second = steps.add_parser("fit")
    second.add_argument("prepared", type=Path)
    second.add_argument("--model", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    second.add_argument("--out", type=Path, required=True)
    second.add_argument("--record", type=Path, default=ROOT / "eval" / "extractive.json")
    given = parser.parse_args()
    if given.step == "prepare":
        with lzma.open(given.out, "wb", preset=3) as file:
            pickle.dump(vars(prepare(given.squad, given.index)), file)
        return
    with lzma.open(given.prepared) as file:
        found = Passages(**pickle.load(file))
    network, record = fit(found, Encoder(given.model, found))
    given.out.write_text(as_text(network, given.model.name) + "\n", encoding="utf-8")
    settings = {
        "epochs_of": EPOCHS, "batch": BATCH, "negatives": NEGATIVES, "rate": RATE,
        "decay": DECAY, "dropout": DROPOUT, "width": WIDTH, "kinds": KINDS,
    }  # fmt: skip
    given.record.write_text(json.dumps({**settings, **record}, indent=1) + "\n")


if __name__ == "__main__":
    main()
