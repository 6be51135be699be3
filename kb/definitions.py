"""Which sentence says what something is: the one that opens with its name and gives its kind."""

from __future__ import annotations

import re
from collections.abc import Collection

from kb.lexical import STOPWORDS, terms, words

STRONG_ENOUGH = 1.2  # a name with few words beside it, a copula and a word for the kind
MOST_WORDS_ASKED = 8  # of what is to be defined
_ASKED = re.compile(
    r"""^\W*(?:(?:can|could|would|will)\s+(?:you|someone)\s+(?:please\s+)?)?(?:please\s+)?(?:
      what(?:['’]s|\s+is|\s+are|\s+was|\s+were)\s+(?:meant\s+by\s+)?
    | what\s+(?:do|does|did)\s+it\s+mean\s+to\s+be\s+
    | (?:what|how)\s+(?:do|does|did|would|can|could)\s+(?:\w+\s+){1,4}?
      (?:mean\s+by|define)\s+
    | what\s+(?:\w+\s+){1,2}?means?\s+by\s+
    | what\s+(?:do|does|did)\s+(?:you|we|one|people)\s+understand\s+by\s+
    | (?:define|explain|describe)\s+
    | (?:the\s+)?(?:definition|meaning)\s+of\s+
    | (?:what|who)\s+counts?\s+as\s+
    | who\s+is\s+(?=an?\s+[\w-]+(?:\s+[\w-]+)?\W*$)
    )(?P<subject>.+)$""",
    re.IGNORECASE | re.VERBOSE,
)
# "So what exactly is …?" asks what it is.
_FILLED = re.compile(
    r"^\W*(?:(?:so|and|but|well|ok|okay|now)\b,?\s+)?"
    r"(?P<asks>(?:what|who|how)(?:['’]s|\s+(?:is|are|was|were|do|does|did))?)"
    r"(?:\s+(?:exactly|actually|really|precisely|basically))?(?=\s)",
    re.IGNORECASE,
)
_ASKED_BEFORE_VERB = re.compile(
    r"^\W*(?:what\s+(?:do|does|did)\s+(?P<meant>(?!it\b).+?)\s+(?:mean(?!\s+by)|refer\s+to|stand\s+for)|"
    # What a person or a book says defines neither.
    r"what\s+(?:do|does|did)\s+(?P<held>(?:[\w'’-]+\s+){1,5}?(?:theory|law|principle|hypothesis|"
    r"paradigm|rule|effect|thesis))\s+(?:say|state|claim|hold|propose|suggest)(?=\W*$)|"
    r"how\s+(?:is|are|was|were)\s+(?P<defined>.+?)\s+(?:defined|described|explained))\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:the|an?|some)\s+)?(?:(?:term|word|phrase|expression|concept|idea|notion)\s+"
    r"(?:of\s+)?)?(?:(?:the|an?)\s+)?",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"(?:,?\s+(?:in|as)\s+(?:one|a|two|a few|simple|plain|short|brief|other)\s?"
    r"(?:sentences?|words?|terms?|language)?|,?\s+in\s+(?:short|brief|general|a nutshell)"
    r"|,?\s+with\s+(?:an\s+)?examples?|\s+(?:all\s+)?about|\s+for|\s+exactly|\s+really)$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"(?:this|that|these|those|it)\b", re.IGNORECASE)
_WITHIN = re.compile(
    r"\s+(?:in|within|of|for|from|according to|as used by|by|at|on|between)\s+", re.IGNORECASE
)
_COPULA = re.compile(
    r"\b(?:is|are|was|were|can be|may be)(?:\s+(?:best\s+|often\s+|commonly\s+)?"
    r"(?:defined|described|understood)\s+as)?\s+|"
    r"(?<=,)\s+meaning\s+|"
    r"\b(?:means|mean|refers?\s+to|denotes?|states\s+that|holds\s+that)\s+"
)
_CLAUSE = re.compile(r"(?:^|[;,]\s+(?:and\s+|whereas\s+|while\s+|but\s+))")
_KIND_FOLLOWS = re.compile(
    r"^(?:an?|one|any|every|the|when|how|what|leadership|influence|power)\s"
    r"|^[\w'’-]+(?:\s+[\w'’-]+){0,3}?\s+(?:in which|that|which|who|whose|where|by which|"
    r"of|to|between)\b",
    re.IGNORECASE,
)
# After the copula: says how something is, not what it is.
_MERELY_SAYS = re.compile(
    r"^(?:not|at|in|on|by|from|as|also|often|usually|sometimes|still|widely|more|less|most|"
    r"very|best|said|seen|called|taught|built|\w+(?:ed|ing)(?! (?:that|\w+ which))|"
    r"(?:the|an?)\s+(?:\w+\s+){0,2}?(?:cent(?:re|er)|heart|basis|base|key|measure|test|part|latest|"
    r"first|last|core|root|result|example|answer|source|subject|main)|"
    # "an important resource" praises a thing that a plainer sentence defines.
    r"an?\s+(?:very\s+|highly\s+)?(?:important|vital|crucial|critical|essential|key|growing|popular|"
    r"common|valuable|powerful|useful|major|significant|great|good|hot|necessary))\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\([^)]*\)|,\s+(?:or|also)\s[^,]+,")
# "If the referrer is part of the team, …" says what a referrer may be, not what one is.
_SUPPOSES = re.compile(r"(?:if|unless|whether|although|though|because|until)\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|never|\w+n['’]t)\s*$")
_SAYS_MEANING = re.compile(r"^\s*(?:means?|meaning|refers?|denotes?|states|holds)\b|\bas\s*$")
_INTRODUCED = re.compile(
    r"\b(?:which|that|and|may|can|is|are)\s+(?:\w+\s+){0,2}?(?:called|known\s+as|termed|dubbed)\s+"
    r"(?P<name>[^,.;:()]+)"
)
INTRODUCED = 1.3  # "a new model, which can be called X", "this purpose is known as X"
# "the Accidental Diminisher, a well-meaning leader whose …"
# "the paradox—the systems, rules and habits that …", "stakeholders - anyone with an interest",
# "the “sacred cows” that hold them back: rules that nobody questions"
_APPOSED = re.compile(
    r",\s+(?:an?|the)\s+(?:[\w-]+\s+){1,4}?(?:who|whose|which|that|in\s+which|of|"
    r"\w+ed\s+(?:by|to|for))\b|"
    r"(?:\s?[—–]\s?|\s-\s)[\"“‘']?(?:(?:an?|the)\s+(?:[\w-]+,?\s+){1,5}?|(?:any|some)(?:one|thing)\s+)"
    r"(?:who|whose|which|that|in\s+which|of|with)\b|"
    r"[\"”](?:\s(?:that|which|who)\s[^.:;]{1,60})?:\s"
)
# An entry of a glossary: "Near miss – An event that …", "norming: The third stage …",
# "Referent power—the power that …".
_ENTRY = re.compile(
    r"^(?P<name>[^:–—|.?!]{2,60}?)(?:(?::|\s[–—|-])\s+|—(?=(?:an?|the|any)\s))(?=\S+\s+\S+\s+\S)"
)
_EMPTY = frozenset(terms("the term word concept idea"))


def asked_subject(text: str) -> str:
    """What the question wants defined, without article and addenda; "" if nothing is.

    What only points back to another sentence ("that phrase") cannot be looked up by its words.
    """
    text = _FILLED.sub(r"\g<asks>", text)
    match = _ASKED_BEFORE_VERB.match(text) or _ASKED.match(text)
    if not match:
        return ""
    found = next(group for group in match.groupdict().values() if group)
    if _POINTS_BACK.match(found):
        return ""
    found = _ENDING.sub("", found.strip(' ?!.:;"“”'))
    found = _OPENING.sub("", found.strip(" ,\"“”'‘’")).strip(" ,\"“”'‘’")
    return found if len(found.split()) <= MOST_WORDS_ASKED else ""


def points_back(sentence: str) -> bool:
    """Whether it opens with a word for what another sentence names, and says not what that is.

    "This is about trust." does, "It is a way to steer." says what it is.
    """
    opening = _POINTS_BACK.match(sentence)
    if not opening:
        return False
    rest = sentence[opening.end() :].lstrip()
    copula = _COPULA.match(rest)
    return not (copula and _KIND_FOLLOWS.match(rest[copula.end() :]))


def narrowed(subject: str) -> str:
    """The subject without what it is part of: "a barrier point in ADKAR" → "barrier point"."""
    return _WITHIN.split(subject, maxsplit=1)[0]


def entry_name(sentence: str) -> str:
    """What an entry of a glossary is about, as written; "" if the sentence is no such entry."""
    entry = _ENTRY.match(_ASIDE.sub(" ", sentence))
    return entry["name"] if entry else ""


def defining(sentence: str, names: Collection[frozenset[str]]) -> float:
    """How plainly a sentence says what something is: 0 not at all, 2 name, copula and kind.

    Args:
        sentence: Of a source.
        names: Stems of every name of what is to be defined.
    """
    best = 0.0
    said = frozenset(terms(sentence))  # in whichever form, the name is among them
    if not any(name <= said for name in names):
        return best
    for opening in _CLAUSE.finditer(sentence):
        clause = _ASIDE.sub(" ", sentence[opening.end() :])
        copula = _COPULA.search(clause)
        if not copula or _SUPPOSES.match(clause) or _DENIES.search(clause, 0, copula.start()):
            continue
        before = clause[: copula.start()]
        subject = frozenset(terms(before)) - _EMPTY
        head = frozenset(terms(narrowed(before)))  # "trust in a crew" is no crew
        exact = max(
            (len(n) / len(subject) for n in names if n & head and n <= subject), default=0.0
        )
        rest = clause[copula.end() :]
        means = bool(_SAYS_MEANING.search(copula.group()))
        strength = exact * (2.0 if means or _KIND_FOLLOWS.match(rest) else 1.0)
        if not means and _MERELY_SAYS.match(rest):
            strength *= 0.4
        if opening.start() > 0:
            strength *= 0.8
        best = max(best, strength)
    entry = entry_name(sentence)
    if entry and frozenset(terms(entry)) in names:
        best = max(best, INTRODUCED)
    introduced = _INTRODUCED.search(sentence)
    if introduced and frozenset(terms(introduced["name"])) in names:
        best = max(best, INTRODUCED)
    for aside in _APPOSED.finditer(sentence):
        before = " ".join(_ASIDE.sub(" ", sentence[: aside.start()]).split()[-MOST_WORDS_ASKED:])
        opened = terms(before)
        named = [name for name in names if name and frozenset(opened[-len(name) :]) == name]
        if not aside.group().startswith(","):
            # "The collaboration paradox – the rules that …" says not what a paradox is.
            named = [name for name in named if len(name) > 1 or _stands_alone(before)]
        if named:
            return max(best, INTRODUCED)
    return best


def _stands_alone(text: str) -> bool:
    """Whether no word that carries meaning stands before the last one."""
    return all(word in STOPWORDS for word in words(text)[-2:-1])
