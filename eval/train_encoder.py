"""Fit what is added to the encoder, and the extractive reader with it, on SQuAD's training set.

    python eval/train_encoder.py squad.xz ../shared/data --index index/training --reader reader.json

`train_extractive.py` writes `squad.xz` and a reader of the plain model's vectors, from which this
one starts. The additions to the packaged weights (low rank: Hu et al. 2021, arXiv 2106.09685)
start from nothing. A step takes sixteen passages of each of two articles with up to four of their
questions, and eight abstracts of science, which are asked for by a sentence of theirs
(`left_out.py`); the other passages are what is not asked for. Everything that the product reads is
trained: the text's vector against all passages of the training set, the vectors of sentences,
MaxSim of the words with passages and with the sentences of the right one, the sum of the first
three, and the reader's answer. What moves away from the plain model's vectors costs too.

About an hour and ten minutes on two cores that compute in bfloat16. Articles that
`train_extractive.py` holds back are measured, not fitted. Writes `kb/encoder.json`,
`kb/extractive.json` and the training record; `eval/record_model.py` and `eval/train.py` are to
be run after it.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import pickle
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import left_out
import numpy as np
import torch
import train_extractive as extractive
from torch import nn
from torch.nn import functional

from kb import adaptation
from kb.arrays import as_text, from_text
from kb.embedding import model_fingerprint, model_folder
from kb.extractive import FILE as READER_FILE
from kb.settings import DEFAULT_MODEL

ROOT = Path(__file__).parent.parent
RANK = 16
EPOCHS = 1.25
RATE = 4e-4  # of the additions; half of it for the reader
DECAY = 0.01
WARM_UP = 0.1  # share of the steps
ARTICLES, MOST, FEWEST = 2, 16, 6  # of a step; of an article's passages, most and fewest
QUESTIONS = 4  # of a passage in a step
READ_BESIDE = 3  # passages that the reader reads beside the right one
TEMPERATURE = 0.05  # of cosines
SHARES = {
    "texts": 0.3, "sentences": 0.5, "words": 1.0, "sum": 2.0, "words_of_sentences": 0.5,
    "reader": 0.5, "moved": 1.0, "moved_elsewhere": 3.0,
}  # fmt: skip
# Of the additions as they were trained. A factor above 1 goes further the way that training went,
# which what holds the vectors back has kept short (Ilharco et al. 2023, arXiv 2212.04089).
SCALE = 1.35
READER_NAMES = ("passage", "sentence")  # what is measured of the reader
WORDS_IN_SUM = 2.0  # weight of MaxSim in the sum
READ_TOGETHER = 12  # texts of about one length that the model reads at a time
MEASURED_EVERY = 160  # steps
CANDIDATES, READ = 20, 6  # when it is measured: by texts and sentences, then by the reader
Spans = list[tuple[int, int]]


class LowRank(nn.Module):
    """A linear layer with a product of two thin matrices added to its weight."""

    def __init__(self, plain: nn.Linear) -> None:
        super().__init__()
        self.plain = plain
        self.down = nn.Parameter(
            torch.randn(RANK, plain.in_features) / math.sqrt(plain.in_features)
        )
        self.up = nn.Parameter(torch.zeros(plain.out_features, RANK))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """The layer's output."""
        return self.plain(rows) + functional.linear(functional.linear(rows, self.down), self.up)


@dataclass
class Cut:
    """A text as the model reads it.

    Attributes:
        ids: Word pieces.
        begins: First piece of every word that is kept.
        ends: Piece behind each of them.
        starts: Offset of each of them in the text.
        sentences: Of a passage: pieces of every sentence; (0, 0) for one that is not read.
        sentence_of: Of a passage: number of every word's sentence, -1 in title and headings.
    """

    ids: list[int]
    begins: np.ndarray
    ends: np.ndarray
    starts: np.ndarray
    sentences: Spans
    sentence_of: np.ndarray


@dataclass
class Texts:
    """Vectors of a batch of texts.

    Attributes:
        whole: Unit vectors, shape (texts, dimension).
        words: Unit vectors, shape (texts, words, word dimension).
        is_word: Which of them are no padding.
    """

    whole: torch.Tensor
    words: torch.Tensor
    is_word: torch.Tensor

    @property
    def shares(self) -> torch.Tensor:
        """Of each word in its text."""
        return self.is_word.float() / self.is_word.sum(1, keepdim=True)


@dataclass
class PassageTexts(Texts):
    """Passages.

    Attributes:
        each: Vectors of all their sentences.
        of: Which passage each sentence is of.
        sentence_of: Number of each word's sentence, shape (passages, words).
    """

    each: torch.Tensor
    of: torch.Tensor
    sentence_of: torch.Tensor


@dataclass
class QuestionTexts(Texts):
    """Questions.

    Attributes:
        pieces: Unit vectors of their word pieces, as the reader takes them.
        is_piece: Which of them are no padding.
    """

    pieces: torch.Tensor
    is_piece: torch.Tensor


class Training:
    """The model, the reader and what they are trained on."""

    def __init__(self, found: extractive.Passages, folder: Path, reader: extractive.Reader) -> None:
        self.found = found
        self.encoder = extractive.Encoder(folder, found)
        self.model = self.encoder.model
        self.projection = self.encoder.projection
        for parameter in self.model.parameters():
            parameter.requires_grad_(False)
        self.reader = reader
        tokenized = self.encoder.tokenizer.encode_batch
        self.passages = [
            self._cut(text, encoded, bounds)
            for text, encoded, bounds in zip(
                found.texts, tokenized(found.texts), found.sentences, strict=True
            )
        ]
        nowhere = np.zeros((0, 2), np.int64)
        self.questions = [
            self._cut(text, encoded, nowhere)
            for text, encoded in zip(found.questions, tokenized(found.questions), strict=True)
        ]
        self.answers = np.array(found.answers)
        self.right = [
            extractive.holding(found.sentences[row], start, end) for row, start, end in self.answers
        ]
        self.asked: list[list[int]] = [[] for _ in self.passages]
        for number, row in enumerate(self.answers[:, 0]):
            self.asked[row].append(number)
        self.is_held_back = np.array([extractive.is_held_back(a) for a in found.articles])
        # An answer is marked in SQuAD alone.
        self.is_elsewhere = np.zeros(len(self.passages), bool)
        self.is_elsewhere[self.answers[self.answers[:, 2] == 0, 0]] = True
        with torch.no_grad():
            self.plain_passages = self._whole(self.passages)
            self.plain_questions = self._whole(self.questions)
        # Vectors of all passages as they were when they were last trained.
        self.bank = self.plain_passages.clone()
        self.additions = self._adapted()

    def _cut(self, text: str, encoded: Any, bounds: np.ndarray) -> Cut:
        begins, ends, starts = self.encoder.word_runs(text, encoded.offsets)
        offsets = np.array(encoded.offsets, np.int64).reshape(-1, 2)
        pieces = np.flatnonzero(offsets[:, 1] > offsets[:, 0])
        firsts = np.searchsorted(offsets[pieces, 0], bounds[:, 0])
        lasts = np.searchsorted(offsets[pieces, 1], bounds[:, 1], side="right")
        sentences = [
            (int(pieces[a]), int(pieces[b - 1]) + 1) if b > a else (0, 0)
            for a, b in zip(firsts, lasts, strict=True)
        ]
        sentence_of = extractive.sentences_of(starts, bounds)
        return Cut(encoded.ids, begins, ends, starts, sentences, sentence_of)

    def _adapted(self) -> dict[str, LowRank]:
        """Puts additions into every linear layer of the encoder."""
        layers = [
            (name, layer)
            for name, layer in self.model.encoder.named_modules()
            if isinstance(layer, nn.Linear)
        ]
        found = {}
        for name, layer in layers:
            within, _, last = name.rpartition(".")
            found[f"encoder.{name}.weight"] = LowRank(layer)
            setattr(self.model.encoder.get_submodule(within), last, found[f"encoder.{name}.weight"])
        return found

    def _output(self, texts: Sequence[Cut]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Output of the model, its mask and the unit vectors of whole texts."""
        lengths = torch.tensor([len(text.ids) for text in texts])
        longest = int(lengths.max())
        order = lengths.argsort()
        read = []
        for rows in order.split(READ_TOGETHER):
            ids = torch.zeros((len(rows), int(lengths[rows[-1]])), dtype=torch.long)
            for place, row in enumerate(rows):
                ids[place, : lengths[row]] = torch.tensor(texts[row].ids)
            mask = (torch.arange(ids.shape[1]) < lengths[rows, None]).long()
            with torch.autocast("cpu", torch.bfloat16):
                output = self.model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            read.append(functional.pad(output, (0, 0, 0, longest - ids.shape[1])))
        found = torch.cat(read)[order.argsort()]
        mask = (torch.arange(longest) < lengths[:, None]).long()
        mean = (found * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return found, mask, functional.normalize(mean, dim=1)

    def _whole(self, texts: Sequence[Cut]) -> torch.Tensor:
        found = torch.zeros(len(texts), self.projection.shape[0])
        order = sorted(range(len(texts)), key=lambda row: len(texts[row].ids))
        for first in range(0, len(order), 64):
            rows = order[first : first + 64]
            found[rows] = self._output([texts[row] for row in rows])[2]
        return found

    def _words(self, sums: torch.Tensor, texts: Sequence[Cut]) -> tuple[torch.Tensor, torch.Tensor]:
        """Unit vectors of the kept words, and which of them are no padding."""
        longest = max(len(text.begins) for text in texts)
        begins = torch.zeros((len(texts), longest), dtype=torch.long)
        ends, is_word = torch.zeros_like(begins), torch.zeros_like(begins, dtype=torch.bool)
        for row, text in enumerate(texts):
            count = len(text.begins)
            begins[row, :count] = torch.from_numpy(text.begins)
            ends[row, :count] = torch.from_numpy(text.ends)
            is_word[row, :count] = True
        begun, ended = (
            sums.gather(1, at[..., None].expand(-1, -1, sums.shape[2])) for at in (begins, ends)
        )
        return functional.normalize((ended - begun) @ self.projection, dim=-1), is_word

    def passage_texts(self, rows: Sequence[int]) -> PassageTexts:
        """Vectors of passages."""
        texts = [self.passages[row] for row in rows]
        output, _, whole = self._output(texts)
        sums = functional.pad(output.cumsum(1), (0, 0, 1, 0))
        words, is_word = self._words(sums, texts)
        sentence_of = torch.full(is_word.shape, extractive.OUT_OF_TEXT)
        for row, text in enumerate(texts):
            sentence_of[row, : len(text.sentence_of)] = torch.from_numpy(text.sentence_of)
        of = torch.tensor([row for row, text in enumerate(texts) for _ in text.sentences])
        begin, end = torch.tensor([run for text in texts for run in text.sentences]).T
        each = torch.where(end[:, None] > 0, sums[of, end] - sums[of, begin], whole[of])
        each = functional.normalize(each, dim=1)
        return PassageTexts(whole, words, is_word, each, of, sentence_of)

    def question_texts(self, numbers: Sequence[int]) -> QuestionTexts:
        """Vectors of questions."""
        texts = [self.questions[number] for number in numbers]
        output, mask, whole = self._output(texts)
        words, is_word = self._words(functional.pad(output.cumsum(1), (0, 0, 1, 0)), texts)
        pieces = functional.normalize(output @ self.projection, dim=-1)
        pieces = pieces[:, 1 : extractive.PIECES + 1]
        # Neither the first nor the last piece of the input is one of the text.
        is_piece = functional.pad(mask[:, 2:], (0, 1))[:, : pieces.shape[1]].bool()
        return QuestionTexts(whole, words, is_word, pieces, is_piece)

    def losses(self, rows: Sequence[int], numbers: Sequence[int]) -> dict[str, torch.Tensor]:
        """What is lost on questions to these passages, by what is trained."""
        passages, questions = self.passage_texts(rows), self.question_texts(numbers)
        place = {row: n for n, row in enumerate(rows)}
        gold = torch.tensor([place[self.answers[n, 0]] for n in numbers])
        live = torch.tensor(rows)
        texts = questions.whole @ self.bank.T
        texts = texts.index_copy(1, live, questions.whole @ passages.whole.T)
        sentences = questions.whole @ passages.each.T
        firsts = torch.searchsorted(passages.of, torch.arange(len(rows)))
        is_right = torch.zeros(sentences.shape, dtype=torch.bool)
        for row, number in enumerate(numbers):
            is_right[row, [int(firsts[gold[row]]) + n for n in self.right[number]]] = True
        words = maxsim(questions, passages)
        best = torch.full(words.shape, -1.0).scatter_reduce(
            1, passages.of.expand(len(numbers), -1), sentences, "amax"
        )
        total = texts.index_select(1, live) + best + WORDS_IN_SUM * words
        within, is_there = maxsim_of_sentences(questions, passages, gold)
        right_there = torch.zeros_like(is_there)
        for row, number in enumerate(numbers):
            right_there[row, [n for n in self.right[number] if n < is_there.shape[1]]] = True
        is_elsewhere = torch.from_numpy(self.is_elsewhere)[live]
        moved, elsewhere = torch.zeros(()), torch.zeros(())
        for now, plain, far in (
            (passages, self.plain_passages[live], is_elsewhere),
            (questions, self.plain_questions[torch.tensor(numbers)], is_elsewhere[gold]),
        ):
            apart = 1 - (now.whole * plain).sum(1)
            moved = moved + mean_of(apart, ~far)
            elsewhere = elsewhere + mean_of(apart, far)
        self._latest = (live, passages.whole.detach())
        return {
            "texts": functional.cross_entropy(texts / TEMPERATURE, live[gold]),
            "sentences": off(sentences / TEMPERATURE, is_right),
            "words": functional.cross_entropy(words / TEMPERATURE, gold),
            "sum": functional.cross_entropy(total / (2 * TEMPERATURE), gold),
            "words_of_sentences": off(within / TEMPERATURE, right_there & is_there),
            "reader": self._reader_loss(passages, questions, numbers, gold, total.detach()),
            "moved": moved,
            "moved_elsewhere": elsewhere,
        }

    def remember(self) -> None:
        """Keeps the vectors of the passages that were trained last."""
        rows, vectors = self._latest
        self.bank[rows] = vectors

    def _reader_loss(
        self,
        passages: PassageTexts,
        questions: QuestionTexts,
        numbers: Sequence[int],
        gold: torch.Tensor,
        total: torch.Tensor,
    ) -> torch.Tensor:
        """Of every other question, read in its passage and in those that come nearest to it."""
        marked_here = [row for row, n in enumerate(numbers) if self.answers[n, 2]]
        few = torch.tensor(marked_here[::2])
        others = total[few].scatter(1, gold[few, None], -math.inf)
        beside = others.topk(min(READ_BESIDE, total.shape[1] - 1), 1).indices
        chosen = torch.cat([gold[few, None], beside], 1)
        at = chosen.flatten()
        longest = int(passages.is_word[at].sum(1).max())
        pieces = int(questions.is_piece[few].sum(1).max())
        logits = self.reader(
            passages.words[at, :longest],
            passages.sentence_of[at, :longest],
            questions.pieces[few, :pieces],
            questions.is_piece[few, :pieces],
            questions.whole[few],
        )
        right = torch.zeros((*chosen.shape, longest), dtype=torch.bool)
        marked = torch.zeros_like(right)
        for row, number in enumerate(few.tolist()):
            passage, start, end = self.answers[numbers[number]]
            cut = self.passages[passage]
            count = len(cut.starts)
            is_right = np.isin(cut.sentence_of, self.right[numbers[number]])
            right[row, 0, :count] = torch.from_numpy(is_right)
            marked[row, 0, :count] = torch.from_numpy((cut.starts >= start) & (cut.starts < end))
        return extractive.loss_of(logits, right, marked)

    def groups(self, rows: np.ndarray) -> Iterator[list[int]]:
        """Some of these passages, of one article each time, drawn at random, without end."""
        articles: dict[str, list[int]] = {}
        for row in rows:
            articles.setdefault(self.found.articles[row], []).append(int(row))
        while True:
            cut = []
            for rows in articles.values():
                drawn = np.random.permutation(rows).tolist()
                cut += [drawn[n : n + MOST] for n in range(0, len(drawn), MOST)]
            enough = [rows for rows in cut if len(rows) >= FEWEST]
            if not enough:
                raise ValueError(f"no article has {FEWEST} passages; expected one at least")
            yield from (enough[n] for n in np.random.permutation(len(enough)))

    @torch.no_grad()
    def measured(self, every: int, *, elsewhere: bool = False) -> dict[str, float]:
        """nDCG@10 of texts, sentences, words and their sum, and shares of the reader's firsts.

        Of questions to articles that are not fitted, among the passages of these; words and sum
        order the first `CANDIDATES` by texts and sentences. `passage` and `sentence`: what the
        reader puts first of the first `READ` is right.

        Args:
            every: Of so many questions one is asked.
            elsewhere: Of other subjects, where no answer is marked for the reader; else of SQuAD.
        """
        self.reader.eval()
        is_measured = self.is_held_back & (self.is_elsewhere == elsewhere)
        rows = [int(row) for row in np.flatnonzero(is_measured)]
        rows.sort(key=lambda row: len(self.passages[row].ids))
        read = [self.passage_texts(rows[n : n + 32]) for n in range(0, len(rows), 32)]
        passages = joined(read)
        place = {row: n for n, row in enumerate(rows)}
        numbers = np.flatnonzero(is_measured[self.answers[:, 0]])[::every]
        names = ("texts", "sentences", "words", "sum", *(() if elsewhere else READER_NAMES))
        counts = dict.fromkeys(names, 0.0)
        for first in range(0, len(numbers), 64):
            few = [int(n) for n in numbers[first : first + 64]]
            questions = self.question_texts(few)
            gold = torch.tensor([place[self.answers[n, 0]] for n in few])
            texts = questions.whole @ passages.whole.T
            best = torch.full(texts.shape, -1.0).scatter_reduce(
                1, passages.of.expand(len(few), -1), questions.whole @ passages.each.T, "amax"
            )
            near = (texts + best).topk(min(CANDIDATES, len(rows)), 1).indices
            words = torch.full_like(texts, -math.inf).scatter(
                1, near, maxsim_of_rows(questions, passages, near)
            )
            total = texts + best + WORDS_IN_SUM * words
            for name, scores in (
                ("texts", texts), ("sentences", best), ("words", words), ("sum", total)
            ):  # fmt: skip
                counts[name] += discounted(scores, gold)
            if elsewhere:
                continue
            chosen = total.topk(min(READ, len(rows)), 1).indices
            for row, number in enumerate(few):
                passage, sentence = self._first_read(questions, passages, row, chosen[row])
                is_right = passage == int(gold[row])
                counts["passage"] += is_right
                counts["sentence"] += is_right and sentence in self.right[number]
        self.reader.train()
        return {name: round(count / len(numbers), 4) for name, count in counts.items()}

    def _first_read(
        self, questions: QuestionTexts, passages: PassageTexts, row: int, chosen: torch.Tensor
    ) -> tuple[int, int]:
        """Passage and number of the sentence that the reader puts first."""
        sentence_of = passages.sentence_of[chosen]
        one = slice(row, row + 1)
        logits = self.reader(
            passages.words[chosen],
            sentence_of,
            questions.pieces[one],
            questions.is_piece[one],
            questions.whole[one],
        )
        stands = functional.one_hot(sentence_of.clamp(min=0)).bool()
        stands &= (sentence_of >= 0)[..., None]
        each = logits[..., None].masked_fill(~stands, extractive.NOWHERE).logsumexp(1)
        first = divmod(int(each.argmax()), each.shape[1])
        return int(chosen[first[0]]), first[1]

    def fit(self) -> dict[str, Any]:
        """Trains the additions and the reader; the record, measured before `SCALE` is applied."""
        added = [part for layer in self.additions.values() for part in (layer.down, layer.up)]
        read = list(self.reader.parameters())
        optimiser = torch.optim.AdamW(
            [{"params": added}, {"params": read}], lr=RATE, weight_decay=DECAY
        )
        own, others = (
            np.flatnonzero(~self.is_held_back & (self.is_elsewhere == far)) for far in (False, True)
        )
        steps = int(EPOCHS * len(own) / (ARTICLES * MOST))
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, [RATE, RATE / 2], total_steps=steps + 1, pct_start=WARM_UP
        )
        groups, elsewhere = self.groups(own), self.groups(others)
        record: dict[str, Any] = {
            "passages": len(own),
            "elsewhere": len(others),
            "steps": steps,
            "before": self.measured(2),
            "before_elsewhere": self.measured(1, elsewhere=True),
        }
        lost: list[dict[str, float]] = []
        began = time.perf_counter()
        for step in range(1, steps + 1):
            rows = [row for _ in range(ARTICLES) for row in next(groups)] + next(elsewhere)
            numbers = [
                int(number)
                for row in rows
                for number in np.random.permutation(self.asked[row])[:QUESTIONS]
            ]
            parts = self.losses(rows, numbers)
            loss = sum((SHARES[name] * part for name, part in parts.items()), torch.zeros(()))
            optimiser.zero_grad()
            loss.backward()
            self.remember()
            nn.utils.clip_grad_norm_(added, 1.0)
            nn.utils.clip_grad_norm_(read, 1.0)
            optimiser.step()
            schedule.step()
            lost.append({name: float(part.detach()) for name, part in parts.items()})
            if step % MEASURED_EVERY == 0:
                found = {n: round(float(np.mean([p[n] for p in lost])), 3) for n in SHARES}
                found |= self.measured(8)
                far = self.measured(2, elsewhere=True)
                print(step, round(time.perf_counter() - began), found, far, flush=True)
                lost.clear()
        return {
            **record,
            "after": self.measured(2),
            "after_elsewhere": self.measured(1, elsewhere=True),
        }


def reader_of(file: Path) -> extractive.Reader:
    """The reader that was written to a file, to be trained on."""
    stated = json.loads(file.read_text(encoding="utf-8"))
    arrays = {name: torch.from_numpy(from_text(a)) for name, a in stated["arrays"].items()}
    reader = extractive.Reader(arrays["word.weight"].shape[1], arrays["text.weight"].shape[1])
    reader.load_state_dict(arrays)
    return reader


def joined(parts: Sequence[PassageTexts]) -> PassageTexts:
    """The passages of several batches, their words padded to one length."""
    longest = max(part.words.shape[1] for part in parts)
    before = np.cumsum([0, *(len(part.whole) for part in parts)])[:-1]
    room = [longest - part.words.shape[1] for part in parts]
    return PassageTexts(
        torch.cat([part.whole for part in parts]),
        torch.cat(
            [functional.pad(p.words, (0, 0, 0, r)) for p, r in zip(parts, room, strict=True)]
        ),
        torch.cat([functional.pad(p.is_word, (0, r)) for p, r in zip(parts, room, strict=True)]),
        torch.cat([part.each for part in parts]),
        torch.cat([part.of + int(n) for part, n in zip(parts, before, strict=True)]),
        torch.cat(
            [
                functional.pad(p.sentence_of, (0, r), value=extractive.OUT_OF_TEXT)
                for p, r in zip(parts, room, strict=True)
            ]
        ),
    )


def maxsim(questions: QuestionTexts, passages: PassageTexts) -> torch.Tensor:
    """Mean over a question's words of the highest cosine in a passage, for each pair."""
    is_word = questions.is_word
    words, columns = questions.words[is_word], passages.words.flatten(0, 1)
    cosines = (words @ columns.T).view(-1, *passages.is_word.shape)
    highest = cosines.masked_fill(~passages.is_word, -1.0).amax(2) * questions.shares[is_word, None]
    found = highest.new_zeros(len(is_word), highest.shape[1])
    return found.index_add(0, is_word.nonzero()[:, 0], highest)


def maxsim_of_rows(
    questions: QuestionTexts, passages: PassageTexts, rows: torch.Tensor
) -> torch.Tensor:
    """MaxSim of each question with passages of its own, shape of `rows`."""
    found = torch.zeros(rows.shape)
    for number, few in enumerate(rows):
        cosines = questions.words[number] @ passages.words[few].transpose(1, 2)
        highest = cosines.masked_fill(~passages.is_word[few][:, None], -1.0).amax(2)
        found[number] = highest @ questions.shares[number]
    return found


def maxsim_of_sentences(
    questions: QuestionTexts, passages: PassageTexts, gold: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """MaxSim with each sentence of one passage and what stands above it; which have words."""
    cosines = passages.words[gold] @ questions.words.transpose(1, 2)
    cosines = cosines.masked_fill(~passages.is_word[gold][..., None], -1.0)
    runs = (passages.sentence_of[gold] + 1).clamp(min=0)  # 0 is the title and the headings
    nothing = torch.full((len(gold), int(runs.max()) + 1, cosines.shape[2]), -1.0)
    maxima = nothing.scatter_reduce(1, runs[..., None].expand_as(cosines), cosines, "amax")
    is_there = maxima[:, 1:].amax(-1) > -1
    in_context = torch.maximum(maxima, maxima[:, :1])[:, 1:]
    found = (in_context * questions.shares[:, None]).sum(-1)
    return found.masked_fill(~is_there, extractive.NOWHERE), is_there


def off(logits: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Mean surprise that one of the right ones is chosen; a row without any costs nothing."""
    chosen = logits.masked_fill(~right, extractive.NOWHERE).logsumexp(1)
    return ((logits.logsumexp(1) - chosen) * right.any(1)).mean()


def mean_of(values: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """Mean of those chosen, 0 if none is."""
    return (values * chosen).sum() / chosen.sum().clamp(min=1)


def discounted(scores: torch.Tensor, gold: torch.Tensor) -> float:
    """Sum of nDCG@10 over questions with one right passage each."""
    own = scores.gather(1, gold[:, None])
    rank = (scores > own).sum(1)
    found = (rank < 10) & own.isfinite().squeeze(1)
    return float((found / (rank + 2).log2()).sum())


def main() -> None:
    """Fits and writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("prepared", type=Path, help="what train_extractive.py prepare has written")
    parser.add_argument("data", type=Path, help="folder of the collections")
    parser.add_argument("--index", type=Path, required=True, help="of the collections")
    parser.add_argument("--reader", type=Path, required=True, help="of train_extractive.py fit")
    parser.add_argument("--record", type=Path, default=ROOT / "eval" / "encoder.json")
    given = parser.parse_args()
    torch.manual_seed(0)
    np.random.seed(0)
    with lzma.open(given.prepared) as file:
        found = extractive.Passages(**pickle.load(file))
    left_out.add_all(found, given.data, given.index)
    folder = model_folder(DEFAULT_MODEL)
    training = Training(found, folder, reader_of(given.reader))
    record = training.fit()
    write(training.additions, training.reader, folder)
    settings = {
        "rank": RANK, "epochs": EPOCHS, "articles": ARTICLES, "passages_of_each": MOST,
        "rate": RATE, "temperature": TEMPERATURE, "shares": SHARES, "scale": SCALE,
    }  # fmt: skip
    given.record.write_text(json.dumps({**settings, **record}, indent=1) + "\n")


def write(additions: dict[str, LowRank], reader: extractive.Reader, folder: Path) -> None:
    """Replaces what the product reads: the additions, then the reader of their vectors."""
    weights = {
        name: {
            "up": as_text(SCALE * layer.up.detach().numpy()),
            "down": as_text(layer.down.detach().numpy()),
        }
        for name, layer in additions.items()
    }
    adaptation.FILE.write_text(json.dumps({"weights": weights}, indent=1) + "\n", encoding="utf-8")
    stated = extractive.as_text(reader, model_fingerprint(folder))
    READER_FILE.write_text(stated + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
