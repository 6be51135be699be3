"""What a question is after besides its words: criticism, evidence, an example, advice, a phrase.

A question names its subject, and often the part of a text that it wants ("What are the limits
of …?"). That part stands below a heading of its own and in sentences of its own making.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.acronyms import expansion
from kb.definitions import STRONG_ENOUGH, defining, narrowed, points_back
from kb.enumerations import ELSEWHERE, is_pointer
from kb.index import Generation
from kb.lexical import STOPWORDS, spoken, spoken_places, terms
from kb.listing import Quote, puts
from kb.matching import Asked, match, read
from kb.questions import FACTS, LONGEST_NAME_WORDS, Question, place_said, telling_terms
from kb.ranking import READ, Ranked
from kb.records import Document, Filters
from kb.search import allowed_rows
from kb.selection import Sentence, tells_life, wanted
from kb.tables import PassageRow

# Added to a sentence's log-odds. Half to one and a half of these values answer the same of our
# development questions; without them 5 fewer of 39 pieces of advice are quoted.
HEADING_BONUS = 0.5  # below a heading of the part that is asked for
FACT_BONUS = 0.5  # holds the date or number that is asked about a framework
LIFE_BONUS = 3.0  # tells of the one who is named where or when they were born or died; unmeasured
_STATED = ("when", "how_many")
FEWEST_SAID = 3  # words of a question that a sentence may hold by more than chance
OPENING_BONUS = 0.5  # sums up what follows
FORM_BONUS = 1.0  # says it in the form that is asked for
BESIDE_PENALTY = 1.0  # taken off where advice is wanted: history, evidence, pointers
QUESTION_BONUS = 1.0  # below a heading that puts the question
PLACE_BONUS = 1.0  # tells which place in a list it tells of; taken off where that is another
PHRASE_BONUS = 4.0  # holds the quoted phrases word for word
NAME_BONUS = 1.5  # holds a name of the question, where a part of a text is asked for
EXPANSION_BONUS = 4.0  # holds words with the initials that are asked for
SHORT_TITLE = 2  # words; without its article it would be a single word
OWN_NAMES = 2  # what is asked for, without and with what it is part of
PHRASE_ROWS = 40  # of BM25 on the phrases alone that are read for them
# Advice for something else stands beside the best piece of advice and has its form.
NEAR_ADVICE = 0.39
# Below a heading that names all that is asked about a framework; 2 to 4 answer alike; in no file.
ASPECT_BONUS = 3.0
HEADING_NAMED_FROM = 0.5  # share of the heading that is asked about, likewise
ASPECT_FROM = 0.6  # share of what is asked that a heading has to name
TIME_BONUS = 1.5  # below "Before the sale", where what to do before it is asked; else taken off
EXAMPLE_SENTENCES = 4
ENOUGH_WITHIN = 2  # sentences below a heading of the part, so that others are left out
OPENING_PASSAGES = 3
MOST_SOURCES = 2
SMALL_SOURCE = 150  # passages; a longer source is not read for a part of it
FURTHER_PASSAGES = 8  # of one source, read for the part that is asked for


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text that may be asked for.

    Attributes:
        asked: What in a question asks for it.
        headings: What stands above it.
        form: What its sentences look like.
        is_section: Its sentences stand below such a heading, where there is one.
        is_listed: A text may have a list of it, which comes before all other sentences.
        is_anywhere: Its sentences may stand below any heading.
    """

    name: str
    asked: re.Pattern[str]
    headings: re.Pattern[str]
    form: re.Pattern[str]
    is_section: bool = False
    is_listed: bool = False
    is_anywhere: bool = False

    def is_above(self, heading: str) -> bool:
        """Whether a heading is one of the part's."""
        return bool(self.headings.search(heading)) and not ELSEWHERE.search(heading)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


PARTS = (
    Part(
        "criticism",
        _pattern(
            # Who gives or takes criticism, or raises problems, asks for advice.
            r"""(?<!give\ )(?<!giving\ )(?<!take\ )(?<!taking\ )(?<!accept\ )(?<!receive\ )
            (?<!deliver\ )(?<!raise\ )(?<!raising\ )
            \b(criticisms?|critici[sz]ed|critics?|critiques?|weakness\w*|
            limit(?:s|ations?)\ (?:of|to)|drawbacks?|shortcomings?|disadvantages?|downsides?|
            (?:problems?|wrong)\ with|risks\ of|dangers?\ of|pitfalls?|objections?|flaws?|
            dark\ side|cons\ of|(?:arguments?|speaks?|case)\ against|
            is\ it\ (?:bad|wrong|harmful|dangerous))\b"""
        ),
        _pattern(r"critic|limit|weak|drawback|danger|pitfall|caution|disadvantage|objection"),
        _pattern(
            r"""\b(critic\w*|sceptic\w*|argue[sd]?|warn\w*|however|yet|but|although|lacks?|weak\w*|
            little|thin|slight|scarce|no\ (?:study|evidence)|overlap\w*|cannot|can\ hide|limit\w*|
            doubt\w*|question\w*|ignor\w+|neglect\w*|risks?|dangers?|fails?|unclear|disputed|blam\w+|
            vague|too\ \w+|harm\w*|difficult|hard\ to|assum\w+|objection\w*)\b"""
        ),
        is_section=True,
        is_listed=True,
    ),
    Part(
        "benefit",
        _pattern(
            r"""\b(?:(?:benefit|advantage|upside|merit|strength)s?\ (?:of|to|from|in)|
            payoffs?\ (?:of|from|in)|
            (?:benefit|advantage)s?\ (?:do|does|has|have)|pros\ of)\b"""
        ),
        _pattern(r"benefit|advantage|strength|merit|evidence|outcome"),
        _pattern(
            r"""\b(benefit\w*|advantag\w*|improv\w+|rais\w+|increas\w+|gain\w*|more|higher|better|
            stronger|greater|lower|fewer|less|reduc\w+|help\w*|predict\w*|linked|associat\w*|
            satisf\w*|perform\w*)\b"""
        ),
        is_section=True,
        is_listed=True,
    ),
    Part(
        "evidence",
        _pattern(
            # "Scientific management" is a name, "scientific support" asks for evidence.
            r"""\b(evidence|empirical\w*|proof|proven|scientific(?:ally)?(?=$|\ (?:support|research|
            stud(?:y|ies)|bas[ei]s|based|grounds?|grounded|backing|backed|foundations?|merits?|
            sound|tested|established|accepted|and|or|as)\w*\b)|
            valid(?:\w+|(?=$|\ (?:is|are|was|were|and|or|as|for)\b))|
            research\ (?:say|show|support)\w*|
            effective\ is)\b|^\W*(?:does|do|did)\b.{3,60}\ work$"""
        ),
        _pattern(r"evidence|research|empirical|stud(?:y|ies)|findings"),
        _pattern(
            r"""\b(evidence|meta-analys\w+|stud(?:y|ies|ied)|found|reviewed|tested|experiment\w*|
            correlat\w+|valid\w*|samples?|data|support\w*|predict\w*|measur\w+|trials?)\b|\(\d{4}\)"""
        ),
        is_section=True,
    ),
    Part(
        "measurement",
        _pattern(
            r"""\bhow\b.{1,60}\b(?:measur|assess)(?:e[ds]?|ed|ing)?\b|
            \b(?:which|what|an?)\ (?:scale|instrument|survey|questionnaire)\b"""
        ),
        _pattern(r"measur|assess|instrument|questionnaire"),
        _pattern(
            r"""\b(measur\w+|assess\w*|questionnaires?|scales?|instruments?|inventor(?:y|ies)|
            surveys?|items?|scor\w+|rat(?:e[sd]?|ings?))\b"""
        ),
    ),
    Part(
        "example",
        _pattern(
            r"""\b(examples?\ of|(?:for|with)\ (?:an\ )?examples?|illustrat\w+|examples?$|
            (?:give|show)\ (?:me\ |us\ )?(?:an?|some)\ (?:example|case)|an?\ case\ of|
            case\ stud(?:y|ies)|look(?:s)?\ like\ in\ practice)\b|\bin\ action\W*$"""
        ),
        _pattern(r"practice|example|illustration|case|story"),
        _pattern(
            r"^(?:an?|one|two|picture|imagine|consider|suppose|take|when)\b|"
            r"for\ (?:example|instance)"
        ),
    ),
)  # fmt: skip
_FOR_EXAMPLE = re.compile(r"\bfor (?:example|instance)\b", re.IGNORECASE)
_SAYS_EXAMPLE = re.compile(r"\b(?:examples?|illustrat\w+|(?:for|an) instance)\b", re.IGNORECASE)
_ASKS_EXAMPLE = frozenset(terms("example illustration instance give show case study practice"))
NEAR_EXAMPLE = 2.0  # log-odds below the best; unmeasured
# "A solicitor who supervises a trainee would direct …": what might happen, and no advice.
_TALE = re.compile(r"^(?:An?|One|Picture|Imagine|Suppose)\b.*\b(?:might|(?<!that )would)\b")
ADVICE = Part(
    "advice",
    _pattern(r"(?!)"),
    _pattern(r"practice|how\ to|tips|advice|apply|applying|using|steps|recommend|what\ to\ do"),
    _pattern(
        # "The need to control costs" advises nothing.
        r"""\b(should|ought\ to|must|(?<!the\ )(?<!\ba\ )(?<!\bno\ )(?<!eir\ )needs?\ to|
        advis\w+|recommend\w*|suggest\w*|it\ helps|
        (?:leaders?|managers?|teams?|members?|chairs?|coach(?:es)?|people|negotiators)\ (?:can|may)|
        begins?\ by|starts?\ (?:by|with)|pays?\ when|fits?\ when|can\ be\ wise|
        (?:step|thing|task|move|way|trick|key|rule|remedy|answer)\ is\ to)\b"""
    ),
)
FREQUENCY = Part(
    "frequency",
    _pattern(r"^\W*how\ (?:often|much|far|soon|closely)\b"),
    ADVICE.headings,
    _pattern(
        r"""\b(often|once|twice|times|every|each|daily|weekly|monthly|yearly|regular\w*|
        frequen\w*|days?|weeks?|months?|years?|hours?|minutes?|depends?|enough|limits?|
        too\ (?:much|often|far|early|late))\b"""
    ),
    is_anywhere=True,
)
OCCASION = Part(
    "occasion",
    _pattern(r"^\W*when\b|^\W*is\ it\ (?:ever|always|sometimes)\b"),
    _pattern(r"when\ (?:not\ )?to|occasions?|timing"),
    _pattern(
        r"""\b(when|where|if|until|unless|before|suits?|fits?|wise|pays|best|worst|moments?)\b"""
    ),
    is_anywhere=True,
)
SIGNS = Part(
    "signs",
    _pattern(
        r"""^\W*how\ (?:do|can|would|will|could|should)\ (?:i|we|you|one|leaders?|managers?)
        \ (?:know|tell|recogni[sz]e|notice|spot|see)\b"""
    ),
    _pattern(r"signs?|symptoms?"),
    _pattern(r"\b(signs?|symptoms?|notic\w*|recogni[sz]\w*|warning|indicat\w*|tell-tale)\b"),
    is_anywhere=True,
)
EXCEPTION = Part(
    "exception",
    _pattern(r"^\W*when\b.*\b(?:not|never)\b"),
    OCCASION.headings,
    _pattern(r"\b(not|never|unless|needless\w*|wrong|worst|harm\w*|fails?|backfires?)\b"),
    is_anywhere=True,
)
ORIGIN = Part(
    "origin",
    _pattern(
        r"""\b(?:who|whom|when|year)\b.*\b(?:develop|creat|invent|coin|introduc|devis|originat|
        propos|formulat|c[ao]me\ up)\w*"""
    ),
    _pattern(r"origin|history|brief|background|introduction"),
    _pattern(
        r"""\b(?:develop|creat|invent|coin|introduc|devis|originat|propos|formulat|publish|describ|
        found|design|nam)\w*\b.*\b(?:1[89]|20)\d\d\b|\b(?:1[89]|20)\d\d\b.*\b(?:develop|creat|
        invent|coin|introduc|devis|originat|propos|formulat|publish|describ|found|design|nam)\w*"""
    ),
    is_section=True,
)
# "Where does the idea of servant leadership come from?"; where a word does, its meaning tells.
ROOTS = Part(
    "roots",
    _pattern(
        r"""^\W*where\b(?!.*\b(?:word|term|name)\b).*\b(?:comes?|came|stems?|deriv\w+)\ from\b|
        \b(?:origins?|roots|history)\ of\b"""
    ),
    _pattern(r"origin|history|background"),
    _pattern(
        r"""\b(?:traced|borrow\w*|dr[ae]ws?\ (?:up)?on|drew\ (?:up)?on|owes?|debt|began|begins|grew|
        goes\ back|older|first|proposed|introduced|set\ out|published|built\ on|derived|came)\b"""
    ),
    is_section=True,
)
_ASKS_NUMBER = frozenset(terms("many much often long old"))
_OBJECTIONS = r"(?:objection|argument|criticism|reservation|case)s?"
# Other words for criticism, each with what to put in its place.
_CRITICISMS = (
    (
        _pattern(
            r"""\b(?:weakness(?:es)?|(?:drawback|shortcoming|disadvantage|downside|pitfall|objection|flaw|
            limit|limitation|criticism|critique)s?|(?:pros\ and\ )?cons)\ (?:of|to|in|with)\b|
            \bproblems?\ with\b"""
        ),
        "criticisms of",
    ),
    (_pattern(rf"\b{_OBJECTIONS}\ (?:against|at)\b"), "criticisms of"),
    (
        _pattern(
            rf"""\b{_OBJECTIONS}\ (?:(?:is|are|was|were|has|have|can|could|may|there|been|be|raised|
            made|brought|levelled|leveled)\ )+(?:against|at|to)\b"""
        ),
        "criticisms are there of",
    ),
    (_pattern(r"\b(?:is\ wrong\ with|speaks\ against)\b"), "are the criticisms of"),
    (_pattern(r"\bproblems?\ (?:do|does)\ (.+)\ have\b"), r"criticisms are there of \1"),
)
# With these alone beside a framework's name, a question asks for a part of its text and no more.
_ASKS_PART = frozenset(
    terms(
        "criticism criticise criticize critic critique weakness limit limitation drawback "
        "shortcoming disadvantage downside pitfall objection flaw problem wrong risk danger con "
        "evidence empirical research support scientific proof example illustration illustrate case "
        "instance give show apply use practice put implement develop create invent originate "
        "propose introduce devise formulate idea model theory approach framework concept style "
        "leadership main major key common there say exist"
    )
)
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"(?<=[\w,;:)] )[A-ZÀ-Þ][\w-]{2,}")
# "One drawback of this view is …", "The biggest danger is …": is told as one, below any heading.
_NAMES_DRAWBACK = _pattern(
    r"""(?:(?:one|another|an?|the|its|their|other|further|some)\ )?(?:(?!and\b)[\w-]+\ )?
    (?:drawback|disadvantage|downside|downfall|shortcoming|limitation|weakness(?:es)?|danger|
    criticism|pitfall|flaw)s?\ (?:of|to|with|is)\b"""
)
# To the model "before" is near "after", and a search leaves both out.
_TIME = re.compile(r"\b(before|during|after)\s+((?:[\w'’-]+\s*){1,4})", re.IGNORECASE)
_BESIDE = _pattern(r"origin|history|evidence|critici[sz]|background|related|references")


def part_of(question: Question) -> Part | None:
    """The part of a text that the question asks for; None if it asks for none."""
    if question.frameworks and ROOTS.asked.search(question.text.rstrip("?! ")):
        return ROOTS
    if question.kind in FACTS:
        is_origin = question.frameworks and ORIGIN.asked.search(question.text)
        return ORIGIN if is_origin else None
    found = next((part for part in PARTS if part.asked.search(question.text.rstrip("?! "))), None)
    if found or question.kind != "how_to":
        return found
    own = (
        part for part in (EXCEPTION, OCCASION, FREQUENCY, SIGNS) if part.asked.search(question.text)
    )
    return next(own, ADVICE)


def restated(question: Question) -> str | None:
    """What criticism there is of the framework that the question names; None if it asks for none.

    One text lists limits, the next drawbacks, a third says what critics hold; whoever asks means
    the same. Of other things it is not asked: their drawbacks are no criticisms.
    """
    if not question.frameworks:
        return None
    text = question.text.rstrip("?! ")
    tried = (pattern.subn(plain, text) for pattern, plain in _CRITICISMS)
    return next((f"{said}?" for said, count in tried if count), None)


def is_on_whole(question: Question, names: Sequence[str]) -> bool:
    """Whether the question asks for a part of the text on a framework, and for nothing in it.

    "What are the criticisms of coaching?" does, "What criticism of coaching came from Lind?" asks
    for something in that part, which need not be there.

    Args:
        question: As understood.
        names: Of frameworks, as they stand in it.
    """
    named = {term for name in names for term in terms(name)}
    return len(question.frameworks) == 1 and set(question.terms) <= named | _ASKS_PART


def is_below_part(
    question: Question,
    part: Part | None,
    quotes: Sequence[Quote],
    passages: Sequence[PassageRow],
    about: Collection[str],
) -> bool:
    """Whether the first quote stands below a heading of the part, in a source about the subject.

    It also holds the name or the year, if one is asked for. Of advice the heading says too little.

    Args:
        question: As understood.
        part: From `part_of`.
        quotes: The best first.
        passages: Those that were read.
        about: Identifiers of the sources of the frameworks that the question names.
    """
    is_whole = part is not None and (part.is_section or part.name == "example")
    if not (part and is_whole and quotes) or quotes[0].document_id not in about:
        return False
    if question.kind in FACTS and not wanted(question, quotes[0].text):
        return False
    above = (p.passage.locator.headings for p in passages if p.row == quotes[0].row)
    return any(part.is_above(heading) for headings in above for heading in headings[-1:])


def names_aspect(question: Question, heading: str) -> float:
    """Share of what is asked about the one framework of an open question that a heading names.

    "What it says on power" names what "How does servant leadership see power?" asks. 0 where that
    is too little of it or of the heading, or where the question asks for anything else.
    """
    if question.kind != "open" or len(question.frameworks) != 1 or ELSEWHERE.search(heading):
        return 0.0
    named = telling_terms(set(terms(heading)))
    both = len(question.aspect & named)
    share = both / max(1, len(question.aspect))
    is_named = share >= ASPECT_FROM and both >= HEADING_NAMED_FROM * len(named)
    return share if is_named else 0.0


def is_below_aspect(
    question: Question,
    quotes: Sequence[Quote],
    passages: Sequence[PassageRow],
    about: Collection[str],
) -> bool:
    """Whether the first quote stands below a heading that names all that is asked about it.

    Args:
        question: As understood.
        quotes: The best first.
        passages: Those that were read.
        about: Identifiers of the sources of the frameworks that the question names.
    """
    if not quotes or quotes[0].document_id not in about:
        return False
    above = (p.passage.locator.heading for p in passages if p.row == quotes[0].row)
    return any(names_aspect(question, heading) == 1.0 for heading in above)


def with_phrases(generation: Generation, asked: Asked, ranked: Ranked) -> Ranked:
    """The ranking with the passages first that hold the question's quoted phrases word for word.

    So it is with those that print the title of the work that the question asks for. Without a
    phrase, or a passage that holds it, the ranking stays.
    """
    phrases, work = _phrases(asked.question), asked.question.work
    if not (phrases or work) or not len(ranked.rows):
        return ranked
    scores = generation.lexical.scores("terms", " ".join((*phrases, work)))
    allowed = set(ranked.rows.tolist())
    rows = [int(row) for row in np.argsort(-scores, kind="stable")[:PHRASE_ROWS] if scores[row] > 0]
    passages = [p for p in generation.tables.passages(rows) if p.row in allowed]
    held = {
        p.row: sum(f" {w} " in _plain(p.passage.text) for w in phrases)
        + prints(work, p.passage.text)
        for p in passages
    }
    order = np.array([-held.get(int(row), 0) for row in ranked.rows])
    if not order.any():
        return ranked
    first = np.argsort(order, kind="stable")
    unmatched = [p for p in passages if held[p.row] and p.row not in ranked.matches]
    new = match(generation, asked, unmatched)
    matches = {**ranked.matches, **{m.passage.row: m for m in new}}
    leading = [row for row in ranked.rows[first[:READ]].tolist() if row in matches]
    closer = read(generation, asked, [matches[row] for row in leading])
    matches |= dict(zip(leading, closer, strict=True))
    # They take over the highest scores, so that the order stays that of the scores.
    return replace(ranked, rows=ranked.rows[first], matches=matches)


def _plain(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.lower()))} "


def prints(work: str, text: str) -> bool:
    """Whether the text holds the words of a title in order, in capitals as titles are printed."""
    title = _untitled(work)
    found = spoken_places(text)
    said = [word for word, _, _ in found]
    return bool(title) and any(
        said[n : n + len(title)] == title
        and all(
            text[start].isupper()
            for word, start, _ in found[n : n + len(title)]
            if word not in STOPWORDS
        )
        for n, word in enumerate(said)
        if word == title[0]
    )


def printing_first(question: Question, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences, best first, those foremost that print the title of the work asked for.

    Of these, one with the name or the year that is asked for comes first.
    """
    if not question.work:
        return list(sentences)
    lifted = [
        replace(s, score=s.score + PHRASE_BONUS * (1 + wanted(question, s.text)))
        if prints(question.work, s.text)
        else s
        for s in sentences
    ]
    return sorted(lifted, key=lambda sentence: -sentence.score)


def says_all(question: Question, sentence: str) -> bool:
    """Whether the sentence holds every word of a question for a number or a date, and one of these.

    "How many studies did Lind and Holm combine?" is told by "Lind and Holm combined 65 studies",
    however little the words may mean to the model. The fewest words are three, without "many".
    """
    if question.kind not in _STATED:
        return False
    asked = set(question.terms) - _ASKS_NUMBER
    is_told = len(asked) >= FEWEST_SAID and asked <= set(terms(sentence))
    return is_told and bool(wanted(question, sentence))


def is_unknown_work(question: Question, read: Sequence[PassageRow]) -> bool:
    """Whether the question asks for a work by its title, and no passage holds the title.

    A title in small letters may be none, and one that names a framework may stand for it.

    Args:
        question: As understood.
        read: The best passages; one that holds the title would be among them.
    """
    if not question.work or question.work.islower() or question.frameworks:
        return False
    title = f" {' '.join(_untitled(question.work))} "
    told = (" ".join((p.passage.context, p.passage.text)) for p in read)
    return not any(title in f" {' '.join(spoken(text))} " for text in told)


def _untitled(work: str) -> list[str]:
    """Words of a title without the article that a text may leave out: "his Art of Action"."""
    found = spoken(work)
    return found[1:] if len(found) > SHORT_TITLE and found[0] in ("the", "a", "an") else found


def _phrases(question: Question) -> list[str]:
    """Quoted phrases of several words, plain; a single word is found by its rarity."""
    plain = [" ".join(_WORD.findall(phrase)) for phrase in question.phrases]
    return [phrase for phrase in plain if " " in phrase]


def document_of(generation: Generation, slug: str) -> str | None:
    """Identifier of the first source about a framework."""
    sources = generation.tables.sources
    return next((s.document_id for s in sources if s.metadata.framework == slug), None)


def further_passages(
    generation: Generation,
    question: Question,
    part: Part | None,
    read: Sequence[PassageRow],
    filters: Filters,
) -> list[PassageRow]:
    """Passages that the ranking need not have found: a subject's introduction, the part asked for.

    They come from the sources of the frameworks that the question names, or, for a part, from
    the best passage's source. Where what was read stands below "After the sale", what stands below
    "Before the sale" is told with it.

    Args:
        generation: The opened generation.
        question: As understood.
        part: From `part_of`.
        read: Best first; none of them is given again.
        filters: Restrict the sources that may answer.
    """
    found = [document_of(generation, slug) for slug in question.frameworks[:MOST_SOURCES]]
    out_of_time = {p.passage.document_id for p in read if _in_time(question, p) < 0}
    if not found and part and read:
        found = [read[0].passage.document_id]
    found += sorted(out_of_time - set(found))
    allowed = allowed_rows(generation, filters)
    known = {passage.row for passage in read}
    further: list[PassageRow] = []
    for document_id in filter(None, found):
        rows = generation.tables.rows_of(document_id)
        if len(rows) > SMALL_SOURCE or (allowed is not None and rows and rows[0] not in allowed):
            continue
        passages = generation.tables.passages(rows)
        wanted = passages_of(part, passages) if part else _on_aspect(question, passages)
        if question.subject or question.kind == "list":
            wanted = [*passages[:OPENING_PASSAGES], *wanted, *_headed(question.subject, passages)]
        if document_id in out_of_time:
            wanted += [p for p in passages if _in_time(question, p) > 0][:FURTHER_PASSAGES]
        new = {p.row: p for p in wanted if p.row not in known}
        further += new.values()
        known |= set(new)
    return further


def _in_time(question: Question, found: PassageRow) -> int:
    """1 below a heading on the time that is asked for, -1 below one on another time, else 0.

    "Before the interview" is, where it is asked what to do before an interview, and "After the
    interview" is not. Both must say of what.
    """
    asked = _times(question.text)
    for heading in reversed(found.passage.locator.headings if len(asked) == 1 else ()):
        told = _times(heading)
        ((time, of),) = asked.items()
        if any(of & others for others in told.values()):
            return 1 if time in told else -1
    return 0


def _in_place(question: Question, sentence: str) -> int:
    """1 where it tells of the member that is asked for by its place, -1 of another, else 0."""
    place = question.place and place_said(sentence)
    if not place or min(place, question.place or 0) < 0 < max(place, question.place or 0):
        return 0  # the last may be the fifth
    return 1 if place == question.place else -1


def _times(text: str) -> dict[str, set[str]]:
    """Stems of what something is before, during or after, by that word."""
    return {time.lower(): set(terms(of)) for time, of in _TIME.findall(text)}


def pointers(generation: Generation, document_id: str) -> Iterator[Quote]:
    """The sentences by which a source points to others, in reading order; none of a long one."""
    tables = generation.tables
    rows = tables.rows_of(document_id)
    for found in tables.passages(rows) if len(rows) <= SMALL_SOURCE else ():
        if is_pointer(found.passage):
            for (start, end), text in zip(found.sentences, found.texts, strict=True):
                yield Quote(found.row, document_id, start, end, text, 0.0)


def passages_of(part: Part, passages: Sequence[PassageRow]) -> list[PassageRow]:
    """The passages, of one source, that stand below a heading of the part."""
    return [
        found
        for found in passages
        if any(part.is_above(heading) for heading in found.passage.locator.headings[-1:])
    ][:FURTHER_PASSAGES]


def _on_aspect(question: Question, passages: Sequence[PassageRow]) -> list[PassageRow]:
    """The passages below a heading that names what is asked about a framework."""
    return [p for p in passages if names_aspect(question, p.passage.locator.heading)]


def _headed(subject: str, passages: Sequence[PassageRow]) -> list[PassageRow]:
    """The passages below a heading that is what is to be defined."""
    return [p for p in passages if subject and _is_heading_of(subject, p)]


def headed_by(subject: str, passages: Sequence[PassageRow]) -> set[tuple[str, int]]:
    """Document and start of the first sentence of every passage below such a heading."""
    return {
        (found.passage.document_id, found.sentences[0][0])
        for found in _headed(subject, passages)
        if found.sentences
    }


def _is_heading_of(subject: str, found: PassageRow) -> bool:
    heading = frozenset(terms(found.passage.locator.heading))
    return bool(heading) and heading == frozenset(terms(narrowed(subject)))


def focused(
    question: Question,
    part: Part | None,
    sentences: Sequence[Sentence],
    passages: Sequence[PassageRow],
    document: Callable[[str], Document],
    about: Collection[str] = (),
) -> list[Sentence]:
    """The sentences with those first that are what the question is after.

    Args:
        question: As understood.
        part: From `part_of`.
        sentences: Scored.
        passages: Those that they stand in.
        document: Gives a document by identifier.
        about: Identifiers of the sources of the frameworks that the question names.
    """
    headings = {p.row: p.passage.locator.heading for p in passages}
    openings = {p.sentences[0][0] for p in passages if p.sentences}
    below = {
        p.row: TIME_BONUS * _in_time(question, p) + QUESTION_BONUS * puts(headings[p.row], question)
        for p in passages
    }
    phrases = [] if question.work else _phrases(question)
    names = _name_bonuses(question, sentences) if part else {}
    people = set(terms(" ".join(_NAME.findall(question.text))))
    # The text on a framework has a section of criticism; others tell drawbacks where they occur.
    names_it = part is not None and part.name == "criticism" and not question.frameworks
    rescored = []
    for sentence in sentences:
        bonus = max((b for name, b in names.items() if name in sentence.text), default=0.0)
        bonus += below[sentence.row]
        bonus += PLACE_BONUS * _in_place(question, sentence.text)
        if part:
            bonus += _of_part(part, sentence, headings[sentence.row], document)
            bonus += FORM_BONUS * (names_it and bool(_NAMES_DRAWBACK.match(sentence.text)))
            bonus += OPENING_BONUS * (bonus > 0 and sentence.start in openings)
        if question.frameworks and question.kind in _STATED and wanted(question, sentence.text):
            bonus += FACT_BONUS
        if people and people <= set(terms(sentence.text)) and tells_life(question, sentence.text):
            bonus += LIFE_BONUS
        if not part and sentence.document_id in about:
            bonus += ASPECT_BONUS * names_aspect(question, headings[sentence.row])
        if phrases:
            said = _plain(sentence.text)
            bonus += PHRASE_BONUS * sum(f" {p} " in said for p in phrases) / len(phrases)
        if question.acronym and expansion(question.acronym, sentence.text):
            bonus += EXPANSION_BONUS
        rescored.append(replace(sentence, score=sentence.score + bonus) if bonus else sentence)
    if part and part.name == "example":
        tale = _one_example(question, part, rescored, headings, document)
        # What is to be defined and illustrated is defined first, by `definition_first`.
        return [*tale, *(s for s in rescored if s not in tale)] if question.subject else tale
    if part is ADVICE and not question.frameworks and rescored:
        best = max(rescored, key=lambda sentence: sentence.score)
        rescored = [s for s in rescored if s is best or s.near >= NEAR_ADVICE]
    if part and part.is_section:
        within = [s for s in rescored if part.is_above(headings[s.row])]
        # What is said of another framework may name this one, and is no criticism of it.
        own = [s for s in within if s.document_id in about]
        rescored = next((few for few in (own, within) if len(few) >= ENOUGH_WITHIN), rescored)
    return sorted(rescored, key=lambda sentence: -sentence.score)


def _one_example(
    question: Question,
    part: Part,
    sentences: Sequence[Sentence],
    headings: Mapping[int, str],
    document: Callable[[str], Document],
) -> list[Sentence]:
    """The paragraph that tells an example from its beginning, if there is one.

    Of one thing in a framework, the sentence comes first that says what an example of it is.
    """
    best = sorted(sentences, key=lambda sentence: -sentence.score)
    of_framework = {stem for slug in question.frameworks for stem in terms(slug.replace("-", " "))}
    subject = set(question.terms) - _ASKS_EXAMPLE - of_framework
    for sentence in best if subject else ():
        there = subject & {*terms(sentence.text), *terms(headings[sentence.row])}
        is_near = sentence.score >= best[0].score - NEAR_EXAMPLE
        if is_near and 2 * len(there) >= len(subject) and _SAYS_EXAMPLE.search(sentence.text):
            return [replace(sentence, score=best[0].score)]
    # "A nurse, for instance, …" is one itself, below whatever heading.
    if best and _FOR_EXAMPLE.search(best[0].text) and not part.is_above(headings[best[0].row]):
        return best
    told = (
        block
        for sentence in best
        if part.is_above(headings[sentence.row])
        for block in document(sentence.document_id).blocks
        if block.kind == "paragraph" and block.start <= sentence.start < block.end
    )
    block = next(told, None)
    if block is None:
        return best
    document_id = next(s.document_id for s in best if block.start <= s.start < block.end)
    tale = [s for s in best if s.document_id == document_id and block.start <= s.start < block.end]
    tale = sorted({s.start: s for s in tale}.values(), key=lambda s: s.start)[:EXAMPLE_SENTENCES]
    return [replace(s, score=best[0].score - 0.01 * n) for n, s in enumerate(tale)]


def _name_bonuses(question: Question, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Names of the question, each with a bonus that is less the more sentences hold it."""
    held = {
        name: sum(name in sentence.text for sentence in sentences)
        for name in _NAME.findall(question.text)
    }
    return {name: NAME_BONUS * (1 - n / max(1, len(sentences))) for name, n in held.items()}


def _of_part(
    part: Part, sentence: Sentence, heading: str, document: Callable[[str], Document]
) -> float:
    below = part.is_above(heading)
    if part is ADVICE:
        if not below and (_BESIDE.search(heading) or ELSEWHERE.search(heading)):
            return -BESIDE_PENALTY
        if _TALE.search(sentence.text) and not _stands_in_item(
            document(sentence.document_id), sentence.start
        ):
            return -BESIDE_PENALTY
        is_item = below and _stands_in_item(document(sentence.document_id), sentence.start)
        is_said = is_item or bool(part.form.search(sentence.text))
    else:
        is_told = below or (part.is_anywhere and not _BESIDE.search(heading))
        is_said = is_told and bool(part.form.search(sentence.text))
    return HEADING_BONUS * below + FORM_BONUS * is_said


def _stands_in_item(document: Document, offset: int) -> bool:
    return any(b.kind == "item" and b.start <= offset < b.end for b in document.blocks)


def _opens_with(sentence: str, name: frozenset[str]) -> bool:
    """Whether the first words of the sentence are those of the name."""
    first = terms(" ".join(sentence.split()[:LONGEST_NAME_WORDS]))
    return frozenset(first[: len(name)]) == name


def definition_first(
    names: Sequence[frozenset[str]],
    sentences: Sequence[Sentence],
    preferred: Collection[str],
    *,
    headed: Collection[tuple[str, int]] = (),
    pointing: Collection[int] = (),
    whole: bool,
    beside: bool,
) -> list[Sentence]:
    """The sentences with the one first that says what the named thing is, if there is one.

    Args:
        names: Stems of every name of what is to be defined, the question's own two first.
        sentences: Best first.
        preferred: Identifiers of the sources that are about it.
        headed: Document and start of every sentence that opens a passage below a heading which
            is the question's own name.
        pointing: Rows of passages that point to other sources, "Stewardship: both serve"; they
            define nothing.
        whole: The question's own name stands for all that the others stand for.
        beside: It may stand for one thing among others that they name: so it does if a sentence
            opens with it.
    """
    # An alias may name a part of a framework only: its own sentence comes before the whole's.
    own = names[:OWN_NAMES]
    best_says = bool(sentences) and len(own[0]) > 1 and own[0] <= set(terms(sentences[0].text))
    is_part = (best_says and not whole) or any(
        (not whole and defining(s.text, own) > 0) or (beside and _opens_with(s.text, own[-1]))
        for s in sentences
    )
    for tried in (own,) if is_part else (own, names):
        strength = {
            n: 0.0 if sentence.row in pointing else defining(sentence.text, tried)
            for n, sentence in enumerate(sentences)
        }
        enough = [n for n, found in strength.items() if found >= STRONG_ENOUGH]
        if not enough and tried is own:
            opening = [n for n, s in enumerate(sentences) if (s.document_id, s.start) in headed]
            enough = [n for n in opening if own[0] <= set(terms(sentences[n].text))]
            if not enough and beside:
                named = (n for n, s in enumerate(sentences) if _opens_with(s.text, own[-1]))
                enough = list(itertools.islice(named, 1))
        if enough:
            break
    else:
        return _named_first(own, sentences)

    def order(number: int) -> tuple[bool, float, int]:
        sentence = sentences[number]
        # Of equally plain ones, that which stands first in its text introduces the thing.
        return (
            sentence.document_id not in preferred,
            -round(strength[number], 1),
            sentence.start if preferred else number,
        )

    first = min(enough, key=order)
    best = max(sentence.score for sentence in sentences)
    lifted = replace(sentences[first], score=best)
    return [lifted, *(s for n, s in enumerate(sentences) if n != first)]


def _named_first(names: Sequence[frozenset[str]], sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences, with one first that opens with the name where the best only points back.

    "This is about patience." says less on patience than "Patience adds to …".
    """
    if not sentences or not points_back(sentences[0].text):
        return list(sentences)
    opening = (s for s in sentences if any(_opens_with(s.text, name) for name in names if name))
    found = next((s for s in opening if not points_back(s.text)), None)
    if found is None:
        return list(sentences)
    first = replace(found, score=sentences[0].score)
    return [first, *(s for s in sentences if s is not found)]
