"""What a question asks: its kind, the frameworks it names, its phrases and its terms."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kb.definitions import asked_subject
from kb.enumerations import NUMBERS
from kb.lexical import STOPWORDS, spoken, spoken_places, stem, terms, words
from kb.phrasing import asking_part, sides

Kind = Literal[
    "definition", "list", "who", "when", "how_many", "where", "reason", "how_to", "comparison",
    "yes_no", "open",
]  # fmt: skip
FACTS: tuple[Kind, ...] = ("who", "when", "where", "how_many")
_LISTED = (
    r"qualit\w+|roles?|principles?|benefits?|lessons?|steps?|stages?|phases?|styles?|types?|kinds?|"
    r"forms?|bases|sources|elements|components?|characteristics|practices|behaviou?rs?|factors|"
    r"conditions?|dimensions?|dysfunctions?|levels?|modes?|traits?|skills?|barriers|mechanisms?|"
    r"shifts?|ways|parts|functions|tasks|habits|values|disciplines|rules|questions|reasons|"
    r"examples|frameworks|strategies|methods|tools|areas|eras|attributes|virtues|domains|"
    r"advantages|disadvantages|criticisms|challenges|outcomes|goals|duties|responsibilities|"
    r"features|aspects|steps|pillars|capabilities|competenc\w+|passages|transitions|ideas|terms|"
    r"weakness\w*|limitations|drawbacks|risks|dangers|mistakes|criteria|tactics|movements|"
    r"quadrants|breakthroughs|variables|books|companies|things|hats|upsides|downsides|obstacles|"
    r"hurdles|tenets|pitfalls|consequences|effects|results|abilities|symptoms|signs|situations|"
    r"recommendations|measures|causes|requirements|exceptions|proposals|objectives|priorities|topics"
)
# "Values-driven alliances" are no list of values.
_LISTED_WORD = rf"({_LISTED})\b(?!-\w)"
_NUMBER = "|".join(NUMBERS) + r"|\d{1,2}"
_PERSONS = (
    r"(i|we|you|one|a|an|the|my|our|leaders?|managers?|teams?|boards?|people|coaches|members|"
    r"anyone|someone|somebody|organi[sz]ations?)"
)
_KINDS: tuple[tuple[Kind, str], ...] = (
        (
        # Advice: "When should I …" asks for no date, "What should two people do" for no list.
        "how_to",
        rf"^\W*how (do|can|should|could|must|ought|would|might|shall) {_PERSONS}\b"
        rf"(?! (define|explain|describe|know that)\b)(?!.*\bdiffer\b)|^\W*(and )?how to\b|"
        rf"\b(what|when|how|where) (should|must|ought|can|could) {_PERSONS}\b.*"
        r"\b(do|avoid|use|say|begin|start|stay|choose|step|take|let|give|ask)\b|"
        rf"\bwhat (should|can|could|do) (i|we) do\b|\bwhere do (i|we) (begin|start)\b|"
        r"^\W*when is it (smart|wise|right|best|better|good|ok|okay|time|safe)\b|"
        r"^\W*when is the (right|best) (time|moment)\b|"
        # With "should" they ask for an occasion or a measure, for neither a date nor a number.
        r"^\W*when to\b|^\W*when (should|must|ought|can|could|may|might)\b|"
        rf"^\W*is it (ever|always|sometimes) \w+ (for {_PERSONS} )?to\b|"
        rf"^\W*how (often|much|far|soon|closely) should {_PERSONS}\b|"
        r"^\W*(any |some |give (me |us )?)?(tips?|advice|suggestions|guidance|hints)\b|"
        r"\bbest way to\b",
        ),
        ("how_many", r"\bhow (many|much|old|long|large|big|far|often|tall|high|deep)\b|"
                     r"\b(what|which) (percentage|proportion|share|fraction|number|per ?cent)"
                     r" of\b|^\W*by (what|which) (percentage|proportion|share|fraction|number|"
                     r"per ?cent|amount|factor)\b"),
        (
        "list",
        # "What is attention in the five dysfunctions?" asks for one thing, not for five.
        rf"^\W*((can|could|would) you )?(please )?"
        rf"(which|what(?! (is|was|do|does|did)\b)|name|list|give|enumerate|tell me)\b"
        rf".{{0,60}}?(?<!step )(?<!stage )(?<!level )\b({_NUMBER})\s+\w+|"
        # "From which four positions does a host work?"
        rf"^\W*(in|into|on|at|by|from|through|with|for|of|to|under) (which|what) ({_NUMBER})\s+\w+|"
        rf"^\W*(what|which) (are|were) (the |some |its |their |\w+['’]s? )?"
        rf"(\w+[\s'’-]+){{0,4}}?{_LISTED_WORD}|"
        # "What do the five dysfunctions say …?" is asked about a list and not for one.
        # "What purposes do goals serve?" asks for no goals.
        rf"^\W*(which|what) (?!(is|was|do|does|did|time|happens)\b)"
        rf"((?!(do|does|did|is|are|was|were|has|have|had|can|could|should|would|will|must)\b)"
        rf"\w+\s+){{0,3}}?"
        rf"(?=\w*(s|criteria)\b){_LISTED_WORD}|"
        rf"^\W*((can|could|would) you )?(please )?(list|name|enumerate)\b|"
        rf"^\W*(?!define|explain|describe|what|which|how|why|who|is|are|does|do|did)(the )?"
        rf"(\w+\s+){{0,2}}?({_LISTED}) (of|in|for)\b|"
        rf"^\W*(the )?({_NUMBER})\s+\w+\s+(of|in|for|by|to)\b|"
        # "What must the offer letter say?" asks for no letters that stand for something.
        r"\b(the letters|acronym|initials)\b|\bstands? for\b",
    ),
    (
            "comparison",
            r"\b(compare[sd]?|comparison|differ(s|ent|ence|ences)?\b.*\b(from|between|to|and)|"
            r"how (do|does|did) .+ and .+ differ|"
            r"versus|vs\.?|as opposed to|in common|distinguish\w*\b.*\bfrom|contrast\w*|"
            r"similar(ities|ity)?\b.*\b(between|to|with|and))\b",
        ),
            ("when", r"\b(when (did|was|were|is|does|do|has|had|will|would)|^\W*when\b|"
                 r"(what|which) (year|date|century|decade|month|day|period)|since when|"
                 r"^\W*(at )?what time (do|does|did|is|are|will|can|should))\b"),
        # "A boss who listens" asks for nobody.
        ("who", r"^(?!\W*(what|how|why|where|when|which|should|can|could|do|does|is|are)\b)"
                r"(.*([:;.?!–—]\s*|\s-\s+|\b(and|or|but|so|then|by|to|for|with|of|from|on|about|"
                r"against|among|between|know|say|says|tell|explain|wonder|decide|out|me)\s+|,\s*(?=[^,.]*$)))?"
                r"\W*(who|whom|whose)\b|\b(which|what) (person|author|scholar|researcher|"
                r"people(?! means?\b)|leader|king|president|writer|psychologist|sociologist|"
                r"founder)s?\b"),
        ("where", r"^\W*where\b|\b(in )?(what|which) (country|city|place|state|region|company|"
                  r"organi[sz]ation|university|town|location|area|continent)\b"),
        ("reason", r"\b(why|what (is|was|are) the (reason|cause|purpose)s?|what causes?|"
                   r"how come|for (what|which) reasons?|what makes)\b"),
        (
            "how_to",
            r"\b(how (do|can|should|could|would|might) (i|we|you|one|a|an|the|leaders?|managers?|"
            r"teams?|people)\b(?! (define|say|pronounce|spell)\b)|how to\b|"
            r"what (should|can|could) (i|we|you|a|leaders?|managers?)"
            r"\b.*\bdo\b)",
        ),
        (
            "definition",
            r"^\W*(what (is|are|was|were|does .* mean|do .* mean)|define|definition of|meaning of|"
            r"what's|explain|describe)\b",
        ),
        ("yes_no", r"^\W*(is|are|was|were|do|does|did|can|could|should|would|will|has|have|had)\b"),
)  # fmt: skip
# What asks for a comparison and names nothing that is compared.
COMPARING_TERMS = frozenset(
    terms(
        "compare comparison differ different difference versus vs common contrast distinguish "
        "similar similarity between alike apart set same both each other one two rather instead "
        "overlap relate relation related agree agreement disagree contradict opposite whats thing "
        "build new another name just share link connect connection distinction distinct fit "
        "together"
    )
)
# With one of these more or less, a name still stands for the same framework.
KIND_OF_THING = frozenset(terms("model theory approach concept idea style leadership leader"))
# "How do they see power?", "What do they say about power?": power is what is asked about.
_SAYING_TERMS = frozenset(
    terms(
        "say tell see view look regard treat handle deal think consider approach understand "
        "explain describe define mean advise"
    )
)
# With two frameworks named, one of these words asks for a comparison.
_COMPARING = re.compile(
    r"\b(differ\w*|compar\w+|versus|vs|same|alike|both|similar\w*|common|unlike|than|or|apart|"
    r"contrast\w*|relat\w+|(?:dis)?agree\w*|contradict\w*|opposite|each|instead|respectively|"
    r"on the one hand|overlap\w*|buil[dt]s? (?:up)?on|(?:new|another) name)\b",
    re.IGNORECASE,
)
# "servant, authentic and ethical leadership": the last names the kind for all of them.
_SHARED_HEAD = re.compile(
    r"((?:[\w-]+,\s+)*[\w-]+,?\s+(?:and|or|with|from|to|than|versus|vs\.?|against)\s+)"
    r"([\w-]+)\s+lead(?:ers?|ership)\b",
    re.IGNORECASE,
)
# "Ethical or authentic": both name the kind where both are known as one.
_PAIR = re.compile(
    r"\b([\w-]+)(\s+(?:and|or|with|from|to|than|versus|vs\.?|against)\s+)([\w-]+)\b(?!\s+lead)",
    re.IGNORECASE,
)
_KIND = re.compile(r"([\w-]+)")
_LEADERS = re.compile(r"([\w-]+)\s+(?:leaders?|boss(?:es)?|managers?)\b", re.IGNORECASE)
# "the four I's", but not "step 4 in": a number that counts what follows it.
_COUNTED = re.compile(
    rf"(?<!step )(?<!stage )(?<!phase )(?<!level )(?<!theory )\b({_NUMBER})\s+"
    r"(?!in\b|of\b|for\b|to\b|is\b|was\b|and\b|or\b)\w"
)
# Behind it something else is said of what is counted: "the four drives that underlie …".
_ENDS_COUNTED = re.compile(
    r"[^\w\s'’-]|\s(?:of|in|for|from|to|by|on|at|with|about|according|that|which|who|do|does|did|"
    r"is|are|was|were|should|can|has|have|a|an|the)\b",
    re.IGNORECASE,
)
LONGEST_NAME_WORDS = 8  # of a framework or alias
KEPT_TEXTS = 256  # whose words are remembered: a question is read again and again
_JOINING = (
    r"(?:,?\s*\b(?:and|or|with|from|against|versus|vs\.?|compared\s+(?:with|to)|as\s+opposed\s+to|"
    r"rather\s+than|instead\s+of)\b\.?|\s*[&/]|,|-)"
)
_JOINED_BEFORE = re.compile(
    rf"{_JOINING}\s*(?:(?:the|an?|(?:that|those)\s+of(?:\s+the)?)\s+)?$", re.IGNORECASE
)
# "How does Ash's trust differ from Elm's?" asks the same of both.
_SET_AGAINST = re.compile(
    r"\b(?:differ(?:s|ed|ent)?|distinct|depart(?:s|ed)?|compare[sd]?)\s+(?:from|with|to)\s+"
    r"(?:(?:the|an?|(?:that|those)\s+of(?:\s+the)?)\s+)?$",
    re.IGNORECASE,
)
_JOINED_AFTER = re.compile(rf"{_JOINING}\s*", re.IGNORECASE)
_OF_SEVERAL = re.compile(r"\s\b(?:both|each|respectively)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:(?:the|an?)\s+)?$", re.IGNORECASE)
_ONLY_JOINS = re.compile(rf"{_JOINING}\s*(?:(?:and|in|of|for|by|the|an?)\s+)*", re.IGNORECASE)
# What belongs to a name, up to what joins the next: "Kotter's steps and", "Lewin's?".
_ITS_OWN = re.compile(rf"^['’]s?(?:\s+\w+){{0,3}}?(?=\s*(?:{_JOINING}|[?.!]|$))", re.IGNORECASE)
_ALL_OF = re.compile(
    r"^\W*(?:what|which) (?:are|were) the (?:[\w'’-]+ ){0,3}?(?P<noun>[a-z]{2,}(?<!s)s)"
    r" (?:of|in|for|behind)\b",
    re.IGNORECASE,
)
_CONSISTS = re.compile(
    r"^\W*what (?:do|does) (?P<what>.{3,60}?) (?:consist of|comprise)\W*$", re.IGNORECASE
)
_PLAIN_LIST_WORDS = frozenset(
    """
    steps stages phases styles types kinds forms elements components factors parts shifts ways
    points items ideas terms areas aspects features dimensions levels modes sources bases aspects
    principles characteristics qualities attributes letters name list enumerate stand things
    """.split()
)
# "Which frameworks say something on trust?" asks for what any of them says of trust.
_ANY_SAYS = re.compile(
    r"^\W*(?:(?:which|what)\s+(?:of\s+(?:the|these|those|your)\s+)?|"
    r"what\s+do\s+(?:(?:the|these|your)\s+)?)(?:(?:other|different|various|leadership)\s+)*"
    r"(?:frameworks|models|theories|approaches|texts|sources|authors)\s+"
    r"(?:say|speak|talk|write|tell|deal|treat|mention|discuss|address|cover|touch|consider|look|see|"
    r"think|believe|hold|claim|argue|stress|emphasi[sz]e|value|warn|teach|advise|recommend)\s+"
    r"(?:(?:something|anything|much|a\s+lot)\s+)?"
    r"(?:(?:that|on|upon|about|of|with|at|against)\s+)?"
    r"(?P<rest>.+)$",
    re.IGNORECASE,
)
_MAY_ASK_EACH: tuple[Kind, ...] = ("open", "who", "where", "reason", "list", "definition")
# "How do the five dysfunctions see trust?" asks what they say, and for no advice.
_HOW_IT_DOES = re.compile(r"^\W*how\s+(?:do|does|did)\s+(?:(?:the|an?)\s+)?$", re.IGNORECASE)
_MAY_DEFINE = ("definition", "open", "yes_no", "how_to")
# One of a list is asked for by its place: "step 4", "the third stage", "the last phase".
_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8,
    "ninth": 9, "9th": 9, "tenth": 10, "10th": 10, "last": -1, "final": -1,
}  # fmt: skip
_PLACED = (
    r"step|stage|phase|level|element|principle|shift|discipline|habit|letter|component|condition|"
    r"passage|practice|quality|characteristic|dysfunction|domain|style|mode|base|role|lesson|rule|"
    r"law|part|task|value|movement|item|point|type|factor|dimension|virtue|benefit|breakthrough"
)
_NTH = re.compile(rf"\b({'|'.join(_ORDINALS)})\s+(?:\w+\s+)?({_PLACED})\b", re.IGNORECASE)
# "The last of Kotter's steps", "the third of the nine stages"; "which of the stages is the last".
_NTH_OF = re.compile(
    rf"\b({'|'.join(_ORDINALS)})\s+of\s+(?:\S+\s+){{0,4}}?(?:{_PLACED})s?\b", re.IGNORECASE
)
_IS_NTH = re.compile(
    rf"^\W*which\s+of\s+.*\b(?:{_PLACED})s\b.*\b(?:is|comes?)\s+(?:the\s+)?"
    rf"({'|'.join(_ORDINALS)})\W*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"\b({_PLACED})\s+(?:number\s+|no\.?\s*)?({_NUMBER}|one)\b", re.IGNORECASE)
_NEIGHBOUR = re.compile(
    r"^\W*(?:what|which(?:\s+\w+)?)\s+(?:comes?|happens|follows|is|stands|goes)\s+"
    r"(?:right\s+|directly\s+|immediately\s+)?(?P<side>after|before)\s+(?P<of>.+?)\W*$|"
    r"^\W*(?:what|which(?:\s+\w+)?)\s+(?P<verb>follows|succeeds|precedes)\s+(?P<other>.+?)\W*$",
    re.IGNORECASE,
)
_COMES = frozenset(
    "comes come happens follows is stands goes succeeds precedes right directly immediately".split()
)
# "Name two criticisms" is content with more; "the two criticisms" is not.
_SOME_OF = re.compile(
    rf"^\W*(?:(?:can|could|would)\s+you\s+)?(?:please\s+)?(?:name|list|give|enumerate|tell|mention)"
    rf"\s+(?:me\s+|us\s+)?(?:at\s+least\s+|any\s+|some\s+)?({_NUMBER})\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"\b[A-Z](?:[A-Z]|(?<=[A-Z])&){1,7}\b")
_PHRASE = re.compile(r"[\"“”«»]([^\"“”«»]{2,80})[\"“”«»]")
# Who wrote a book, an article, a lecture, or when it came out; behind "about" stands its subject.
_OF_WORK = re.compile(
    r"^\W*(?:(?:who|by\s+whom)\s+(?:(?:co-?)?wrote|(?:co-?)?authored|published|edited)\s+|"
    r"who\s+(?:is|are|was|were)\s+the\s+(?:authors?|writers?|editors?)\s+(?:of|behind)\s+|"
    r"(?:when|by\s+whom|in\s+(?:which|what)\s+year)\s+(?:was|were|did)\s+"
    r"(?=.+\b(?:written|published|appear|come\s+out)\b))"
    r"(?:(?:the\s+)?(?:book|article|essay|paper|study|report|lecture|fable)\s+)?"
    r"(?:(?:called|titled|entitled)\s+)?(?!(?:about|on|of|in)\b)(?P<work>.+?)"
    r"(?:\s+(?:first\s+)?(?:written|published|appear|come\s+out)\b.*)?\W*$",
    re.IGNORECASE,
)
# A title as it is printed, from its first capital to its last one; a subtitle is left out.
_TITLED = re.compile(r"(?:(?:an?|the)\s)?(?P<title>[A-ZÀ-Þ][^:?!]*\b[A-ZÀ-Þ][\w’'-]*)")
LONGEST_WORK = 12  # words
# "Who co-wrote The Art of Work with Ann Lind?": she is no part of the title.
_CO_WROTE = re.compile(
    r"^\W*(?:who|by\s+whom)\b.*?(?:\bco-?(?:wrote|author)|\b(?:together|jointly)\s+with\b)",
    re.IGNORECASE,
)
_WITH_OTHER = re.compile(r"\s+(?:(?:together|jointly)\s+)?with\s+[^:,]+$", re.IGNORECASE)


_SPELT_APART = re.compile(r"\b(?:[A-Z][.-]){2,}(?:[A-Z]\b)?")
_ASKS_LETTERS = re.compile(r"\b(letters?|acronym|initials|stands? for)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    Attributes:
        text: As asked, stripped.
        kind: What sort of answer it wants.
        terms: Stems that carry meaning, in order.
        phrases: Quoted stretches, lower case.
        frameworks: Slugs that it names, in order of mention.
        count: How many items a list question names ("the nine qualities"); None otherwise.
        at_least: The count is a lower bound ("name two …").
        place: Which member of a list is asked for, from 1, or from -1 for the last backwards; 0 for
            one before the first or after the last; None otherwise.
        beside: The member whose neighbour is asked for, as stems, with -1 for the one before it
            and 1 for the one after; None otherwise.
        acronym: Letters whose meaning is asked for; "" otherwise.
        subject: What the question wants defined, as written; "" if it wants no definition.
        work: Title of the book or article of which the author or the year is asked for, as
            written; "" if none is.
        aspect: Stems of what is asked about the frameworks that it names, from `telling_terms`.
    """

    text: str
    kind: Kind
    terms: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    count: int | None = None
    at_least: bool = False
    place: int | None = None
    beside: tuple[tuple[str, ...], int] | None = None
    acronym: str = ""
    subject: str = ""
    work: str = ""
    aspect: frozenset[str] = frozenset()


def understand(
    text: str,
    names: Mapping[str, str] | None = None,
    people: Mapping[str, str] | None = None,
) -> Question:
    """The question's kind, terms, phrases and the frameworks that it names.

    Args:
        text: Plain text, not blank.
        names: Slug by name or alias of every framework, as `frameworks_named` wants them.
        people: From `people_meant`. Several frameworks may be named by them, one alone may
            not.
    """
    stripped = " ".join(text.split())
    asking = asking_part(stripped)
    kind: Kind = next(
        (kind for kind, pattern in _KINDS if re.search(pattern, asking, re.IGNORECASE)), "open"
    )
    if kind == "open" and sides(stripped):
        kind = "comparison"
    names = names or {}
    found = frameworks_named(stripped, names)
    compares = kind == "comparison" or bool(_COMPARING.search(stripped))
    in_full, every_name = named_in_full(stripped, names), {**(people or {}), **names}
    if compares or len(found) < 2:
        every = frameworks_named(in_full, every_name)
        found = every if len(every) > max(1, len(found)) else found
    places = _named(in_full, every_name)
    if kind == "how_to" and places and _HOW_IT_DOES.search(in_full[: places[0][0]]):
        kind = "open"
    if kind in _MAY_ASK_EACH and len(found) > 1:
        compares = compares or _side_by_side(in_full, every_name)
    if len(found) > 1 and compares:
        kind = "comparison"
    if kind == "definition" and not found and len(asking.split()) > 12:
        kind = "open"
    place = _place(stripped, names)
    beside = _beside(asking) if place is None else None
    if (place is not None and kind in ("definition", "open", "list")) or beside:
        kind = "list"
    else:
        place = None
    # "Who is a stakeholder?" does, "Explain who rows" names no thing.
    may_define = kind in _MAY_DEFINE or asking.lower().startswith("who ")
    subject = asked_subject(asking) if may_define else ""
    if subject:
        kind = "definition"
        # Who asks what a toxic leader is asks for toxic leadership.
        found = found or frameworks_named(named_in_full(subject, names), names)
    return Question(
        text=stripped,
        kind=kind,
        terms=tuple(terms(stripped)) or tuple(words(stripped)),
        phrases=tuple(match.lower().strip() for match in _PHRASE.findall(stripped)),
        frameworks=found,
        count=_count(stripped) if kind == "list" and place is None else None,
        at_least=bool(_SOME_OF.search(stripped)),
        place=place,
        beside=beside,
        acronym=_acronym(stripped) if kind == "list" else "",
        subject=subject,
        work=_work(asking),
        aspect=telling_terms(set(besides(terms(stripped), names_said(in_full, every_name)))),
    )


def besides(stems: Sequence[str], names: Sequence[str]) -> Counter[str]:
    """The stems that are not of the names; what a name says once more is said of it.

    "The steps of Kotter's eight steps" is on steps.
    """
    return Counter(stems) - Counter(term for name in names for term in terms(name))


def telling_terms(stems: Set[str]) -> frozenset[str]:
    """The stems without those that only say that something is compared or told, or of what kind.

    Where nothing else is left, a word for seeing or saying stays: "what the leader looks at".
    """
    left = frozenset(stems) - COMPARING_TERMS - KIND_OF_THING
    return left - _SAYING_TERMS or left


def frameworks_named(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Slugs of the frameworks that the text names, in order; the longest name wins.

    Args:
        text: The question.
        names: Slug by name; each name is the joined output of `kb.lexical.spoken`.
    """
    return tuple(dict.fromkeys(slug for _, _, slug in _named(text, names)))


def names_said(text: str, names: Mapping[str, str]) -> list[str]:
    """The names of frameworks in the text, as they stand there.

    Args:
        text: The question.
        names: As `frameworks_named` wants them.
    """
    return [text[start:end] for start, end, _ in _named(text, names)]


def asked_of_one(text: str, slug: str, names: Mapping[str, str]) -> str:
    """The question without the other frameworks that stand beside one in it.

    "How do Tuckman and Lencioni look at conflict?" asks of Tuckman "How do Tuckman look at
    conflict?". Another that is not joined to it stays: "Is it better than Theory U?".

    Args:
        text: The question.
        slug: Of the one.
        names: As `frameworks_named` wants them.
    """
    text = _turned_round(text, slug, names)
    for start, end, other in reversed(_named(text, names)):
        if other == slug:
            continue
        before, after = text[:start], _ITS_OWN.sub("", text[end:], count=1)
        if joined := _JOINED_BEFORE.search(before):
            text = before[: joined.start()] + after
        elif joined := _JOINED_AFTER.match(after):
            text = _ARTICLE.sub("", before) + after[joined.end() :]
    return _OF_SEVERAL.sub("", text)


def _turned_round(text: str, slug: str, names: Mapping[str, str]) -> str:
    """The text with the framework put where another stands that is set against it.

    "How does Ash's trust differ from Elm's?" is "How does Elm's trust differ from Ash's?" to Elm.
    """
    places = _named(text, names)
    for number, ((start, end, other), (begin, stop, name)) in enumerate(itertools.pairwise(places)):
        if name == slug != other and _SET_AGAINST.search(text[end:begin]):
            # "Ash and Elm" may be the two who made it.
            for at, last, another in places[number + 2 :]:
                is_of_it = another == name and _ONLY_JOINS.fullmatch(text[stop:at])
                stop = last if is_of_it else stop
            one, against = text[start:end], text[begin:stop]
            return text[:start] + against + text[end:begin] + one + text[stop:]
    return text


def asked_of_any(text: str) -> str:
    """What a question asks of any framework that says something of it; "" if it asks no such thing.

    "Which frameworks say that leaders should listen?" asks for "leaders should listen".
    """
    found = _ANY_SAYS.match(text)
    return found["rest"] if found else ""


def _side_by_side(text: str, names: Mapping[str, str]) -> bool:
    """Whether the frameworks that the text names are joined, all of them.

    What is between them is asked of neither alone.
    """
    places = _named(text, names)
    if not places or _BETWEEN.search(text[: places[0][0]]):
        return False
    return all(
        _ONLY_JOINS.fullmatch(_ITS_OWN.sub("", text[one[1] : other[0]], count=1))
        for one, other in itertools.pairwise(places)
    )


def _named(text: str, names: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Place and slug of every framework that the text names."""
    named = []
    behind = 0
    for start, runs in _runs(text):
        end, slug = next(((end, names[run]) for run, end in runs if run in names), (0, ""))
        if slug and start >= behind:
            named.append((start, end, slug))
            behind = end
    return named


@lru_cache(maxsize=KEPT_TEXTS)
def _runs(text: str) -> tuple[tuple[int, tuple[tuple[str, int], ...]], ...]:
    """Where each word begins, and the runs of words from there, longest first, with their ends."""
    found = spoken_places(text)
    said = [word for word, _, _ in found]
    return tuple(
        (
            start,
            tuple(
                (" ".join(said[first : last + 1]), found[last][2])
                for last in range(min(first + LONGEST_NAME_WORDS, len(found)) - 1, first - 1, -1)
            ),
        )
        for first, (_, start, _) in enumerate(found)
    )


def people_meant(
    text: str,
    people: Mapping[str, Sequence[str]],
    names: Mapping[str, str],
    families: Mapping[str, str],
) -> dict[str, str]:
    """Slug by name of every person of the text who stands for one framework there.

    Of several frameworks of a person, that one is meant whose names share most words with the
    text, the person's own among them; of those that share as many, the only one that is of a
    family with another framework of the text. Beside Kotter, Lewin stands for his steps of change.

    Args:
        text: The question.
        people: Slugs by the person's name.
        names: Slug by name of every framework, as `frameworks_named` wants them.
        families: Family by slug.
    """
    said = set(terms(text)) - COMPARING_TERMS
    spoken_of = dict.fromkeys(run for _, runs in _runs(text) for run, _ in runs if run in people)
    nearest = {}
    for person in spoken_of:
        slugs = people[person]
        shared = dict.fromkeys(slugs, 0)
        for name, slug in names.items() if len(slugs) > 1 else ():
            if slug in shared:
                shared[slug] = max(shared[slug], len(said & set(terms(name))))
        most = max(shared.values())
        nearest[person] = [slug for slug, count in shared.items() if count == most]
    certain = {slugs[0] for slugs in nearest.values() if len(slugs) == 1}
    akin = {families.get(slug, "") for slug in (*certain, *frameworks_named(text, names))}
    meant = {}
    for person, slugs in nearest.items():
        few = slugs if len(slugs) == 1 else [s for s in slugs if families.get(s) in akin]
        if len(few) == 1:
            meant[person] = few[0]
    return meant


def named_in_full(text: str, names: Mapping[str, str]) -> str:
    """The text with the kinds of leadership and of leaders in it named in full.

    "Servant and ethical leaders" names servant leadership and ethical leadership, and so does
    "Servant or ethical?".
    """

    def whole(found: re.Match[str]) -> str:
        name = f"{' '.join(spoken(found[1]))} leadership"
        return name if name in names else found[0]

    def each(found: re.Match[str]) -> str:
        return f"{_KIND.sub(whole, found[1])}{found[2]} leadership"

    def pair(found: re.Match[str]) -> str:
        one, other = (_KIND.sub(whole, found[side]) for side in (1, 3))
        return f"{one}{found[2]}{other}" if one != found[1] and other != found[3] else found[0]

    return _PAIR.sub(pair, _LEADERS.sub(whole, _SHARED_HEAD.sub(each, text)))


def plain_list_words(question: Question) -> frozenset[str]:
    """Stems that only say that a list, or which of its members, is wanted: steps, third."""
    found = set(words(question.text))
    plain = {word for word in found if {word, f"{word}s"} & _PLAIN_LIST_WORDS}
    if question.place is not None:
        plain |= {w for w in found if w in _ORDINALS or w in NUMBERS or w == "one" or w.isdigit()}
        plain |= found & _COMES
    return frozenset(stem(word) for word in plain)


def telling_list_words(question: Question) -> frozenset[str]:
    """Stems that say which list is wanted: benefits, criticisms, lessons."""
    return _telling_list_words(question.text)


@lru_cache(maxsize=KEPT_TEXTS)
def _telling_list_words(text: str) -> frozenset[str]:
    found = (word for word in words(text) if re.fullmatch(_LISTED, word))
    return frozenset(stem(word) for word in found if word not in _PLAIN_LIST_WORDS)


def asked_for_all(question: Question) -> frozenset[str]:
    """Stem of the noun of which all are asked for, known as a list's or not; nothing without.

    "What are the paradoxes of leading a team?" may be answered by what a paradox is, but is
    better by a list of them. What something consists of, a list tells whose lead names it whole.
    """
    if question.kind == "open" and (of := _CONSISTS.match(question.text)):
        return frozenset(terms(of["what"]))
    match = _ALL_OF.match(question.text) if question.kind == "definition" else None
    return frozenset(terms(match["noun"])) if match else frozenset()


def content_words(text: str) -> list[str]:
    """Words of the text that carry meaning, lower case, in order."""
    return [word for word in words(text) if word not in STOPWORDS]


def counted_noun(question: Question) -> frozenset[str]:
    """Stem of what the question counts, known as a list's noun or not: "three learned needs".

    The last word before what ends the counted phrase; nothing without a number.
    """
    if question.count is None:
        return frozenset()
    match = _COUNTED.search(question.text.lower())
    phrase = _ENDS_COUNTED.split(question.text[match.end() - 1 :], maxsplit=1)[0] if match else ""
    return frozenset(terms(phrase)[-1:])


def _count(text: str) -> int | None:
    """The number in front of what is listed; one behind it counts something else."""
    match = _COUNTED.search(text.lower())
    noun = re.search(rf"\b({_LISTED})\b", text.lower())
    if not match or (noun and noun.start() < match.start()):
        return None
    return _number(match.group(1))


def _number(word: str) -> int:
    return 1 if word.lower() == "one" else NUMBERS.get(word.lower()) or int(word)


def place_stated(heading: str) -> int | None:
    """The place in a list that a heading opens with: "Passage two: …"; None without."""
    match = _NUMBERED.match(heading)
    return _number(match[2]) if match else None


def place_said(sentence: str) -> int | None:
    """The place in a list of what a sentence tells: "The first stage is …"; None without."""
    return _place(sentence, ())


def _place(text: str, names: Collection[str]) -> int | None:
    """The place in a list that is asked for; "Level 5 leadership" is a name and no place."""
    tried = (pattern.search(text) for pattern in (_NTH, _NTH_OF, _IS_NTH, _NUMBERED))
    match = next(filter(None, tried), None)
    if not match:
        return None
    asked, found = (" ".join(spoken(each)) for each in (text, match.group()))
    if match.re is not _IS_NTH and any(found in name and name in asked for name in names):
        return None
    ordinal = _ORDINALS.get(match.group(1).lower())
    return (ordinal or _number(match.group(2))) + _side(text)


def _side(text: str) -> int:
    """-1 where what comes before something is asked for, 1 for what comes after it, else 0."""
    match = _NEIGHBOUR.match(text)
    if not match:
        return 0
    return -1 if (match["side"] or match["verb"]).lower() in ("before", "precedes") else 1


def _beside(text: str) -> tuple[tuple[str, ...], int] | None:
    match = _NEIGHBOUR.match(text)
    if not match:
        return None
    beside = match["of"] or match["other"]
    of = re.split(r"\s+(?:in|of|according to)\s+", beside, maxsplit=1)[0]
    found = tuple(t for t in terms(re.sub(rf"\b(?:the|{_PLACED})\b", "", of)))
    return (found, _side(text)) if found else None


def _acronym(text: str) -> str:
    if not _ASKS_LETTERS.search(text):
        return ""
    found = _ACRONYM.findall(_SPELT_APART.sub(lambda letters: re.sub(r"\W", "", letters[0]), text))
    return found[0] if found else ""


def _work(text: str) -> str:
    """The title, of several words, of the work that is asked for; "" if it asks for none."""
    match = _OF_WORK.match(text)
    if not match:
        return ""
    named = _WITH_OTHER.sub("", match["work"]) if _CO_WROTE.match(text) else match["work"]
    quoted, titled = _PHRASE.search(text), _TITLED.match(named)
    if quoted:
        found = quoted[1]
    elif titled:
        found = titled["title"]
    else:
        # Typed without capitals, it may be a title; what is no title no text prints as one.
        found = named if named.islower() else ""
    return found if 1 < len(words(found)) <= LONGEST_WORK else ""
