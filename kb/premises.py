"""What a question takes for granted and a sentence does not say: denials, numbers, titles.

To the model "before" is near "after" and "not" weighs nothing, so these are read from words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from kb.lexical import STOPWORDS, stem, terms, words
from kb.opposites import opposed, opposites_of, undenied
from kb.spelling import is_like_one

PREMISE_FEATURES = ("denied", "particulars", "opposed", "numerals")
_NAME = re.compile(r"(?<=[\w,;:)] )[A-Z][\w’'-]+")
_FIGURES = re.compile(r"\b\d[\d,.]*\b")
# Several capitalised words in a row, as of a book, a prize or a person with a first name.
_TITLE = re.compile(
    r"(?<=\w )[A-Z][\w’'-]+(?:\s+(?:(?:of|the|and|for|to|in|a|de|van|von|&)\s+)*[A-Z][\w’'-]+)+"
)
# "By how much did it rise?" names nothing that is counted.
_COUNTED = re.compile(r"(?<!\bby )\bhow (?:many|much)\s+((?:[\w’'-]+\s*){1,3})", re.IGNORECASE)
# Words that ask for one thing of many, or for how it is now or usually.
_PARTICULAR = re.compile(
    r"\b(best|worst|most|least|fewest|largest|biggest|greatest|highest|lowest|smallest|oldest|"
    r"youngest|latest|newest|longest|shortest|fastest|strongest|today|now|currently|nowadays|"
    r"average|usually|typical\w*|exactly|percent|per cent|percentage|share of|published|reviewed|"
    r"online|free)\b",
    re.IGNORECASE,
)
_EVER = frozenset(terms("why always ever really actually"))
_ALWAYS = r"always|invariably|inevitably|without exception|in (?:all|every) cases?"
_IS_ALWAYS = re.compile(
    rf"^\W*why (?:is|are|was|were|do|does|did|has|have)\b.*\b(?:{_ALWAYS})\b", re.IGNORECASE
)
_SAYS_ALWAYS = re.compile(
    rf"\b(?<!\bnot )(?:{_ALWAYS}|all|every|each|any|never|everyone|everybody|whenever)\b",
    re.IGNORECASE,
)
_MAY_BE = re.compile(
    r"\b(?:can|could|may|might|sometimes|often|usually|rarely|seldom|not always)\b", re.IGNORECASE
)
# How many people, "88,000 employees" tells as well; not "three chapters".
_PEOPLE = frozenset(terms("people persons"))
_PERSONS = re.compile(
    r"\b(?:\d[\d,.]*|\w+teen|\w+ty|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"hundreds?|thousands?|millions?)\s(?:[\w’'-]+\s){0,2}?"
    r"(?!\w*(?:ments|numbers|letters|papers|chapters|orders|quarters|centers|computers|events|"
    r"factors|errors|sectors|behaviors|metaphors|barriers|incidents)\b)"
    r"(?:men|women|children|adults|students|\w{3,}(?:ers|ors|ees|ists|ants|ents|ians))\b",
    re.IGNORECASE,
)
_SHARES = frozenset(("percent", "per cent", "percentage", "share of"))
_NUMBER_WORD = re.compile(
    r"\b(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|"
    r"thousand|million|first|second|third|fourth|fifth|once|twice|half)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(not|no|never|none|nor|neither|without|cannot|except|unlike|rather than|other than|"
    r"besides|apart from|instead of|fail(?:s|ed)? to|\w+n['’]t|non[- ]?\w+|little|few|hardly|"
    r"rarely|seldom|least|lack\w*|refus\w+|den(?:y|ied)|prevent\w*|avoid\w*)\b",
    re.IGNORECASE,
)
# A question about one thing, as from a reader of the text: nobody's own case is told in it.
_OWN_CASE = re.compile(
    r"\b(?:I|me|my|mine|we|us|our|you|your|someone|somebody)\b|[.?!]\s+\S", re.IGNORECASE
)
# "When does it not work?" asks for its limits.
_ASKS_WHEN = re.compile(r"^\W*when\s+(?:do|does|is|are)\b", re.IGNORECASE)
_FALLS_SHORT = re.compile(
    r"\b(?:less|worse|worst|poorly|badly|fail(?:s|ed)?|weak(?:er|ens)?|suffers?|backfires?)\b",
    re.IGNORECASE,
)
# "Who may not …?", "Which theory never …?"; "When is it better not to …?" asks for advice.
_ASKS_DENIED = re.compile(
    r"^(?=\W*(?:\w+\s+)?(?:who|whom|whose|what|which|when|where|how\s(?:many|much|long|old))\b|"
    r".*\bwhat\W*$)"
    r".*\b(?:never|not(?!\sto\b)|none|neither|nor|no|cannot|non-\w+|"
    r"(?:do|does|did|is|are|was|were|has|have|had|wo|would|ca|could|should)n['’]t)\b",
    re.IGNORECASE,
)
# What turns a statement round without a denial: "hide mistakes", "invalid reasons".
_TURNS_ROUND = re.compile(
    r"\b(?:refus\w+|reject\w*|ignor(?:e[sd]?|ing)|hid(?:e|es|den|ing)|conceal\w*|den(?:y|ie[sd]|ying)|"
    r"forb[ia]d\w*|ban(?:s|ned|ning)?|prohibit\w*|abandon\w*|neglect\w*|disregard\w*|withh[oe]ld\w*|"
    r"skip(?:s|ped|ping)?|disagree\w*|disapprov\w+|mistakes?|fail(?:s|ed|ing|ures?)?|"
    r"in(?:valid|eligible|adequate|sufficient|appropriate|correct|accurate|capable)\w*|"
    r"il(?:legal|logical)\w*|im(?:proper|possible)\w*|ir(?:regular|relevant|rational|responsible)\w*)\b",
    re.IGNORECASE,
)
# "Trust is lost when …" tells of distrust.
_LESSENS = re.compile(
    r"\b(?:los[eist]\w*|fall\w*|fell|declin\w+|low(?:er\w*)?|less\w*|fewer|erod\w+|"
    r"br(?:eak|oke)\w*|damag\w+|destroy\w*|undermin\w+|weak\w*|reduc\w+|drop\w*|poor\w*|"
    r"absen\w+|missing|harm\w*)\b",
    re.IGNORECASE,
)
# What takes a statement back, and where its reach ends: "without abolishing it; …".
_TAKES_BACK = re.compile(
    r"\b(?:(?:not|no)(?!\s(?:only|just|merely|simply|doubt|longer)\b)|never|none|nor|neither|cannot|"
    r"without(?=\s\w+ing\b)|\w+n['’]t|hardly|rarely|seldom|far from|little support|instead of|"
    r"rather than|(?<!at )least|reject(?:s|ed|ing)?|oppos(?:e[sd]?|ing)|doubt(?:s|ed|ing)?|"
    r"refus(?:e[sd]?|ing)|den(?:y|ies|ied|ying)|disput(?:e[sd]?|ing)|dismiss(?:es|ed|ing)?|"
    r"s[ck]eptical|myth|misconception)\b",
    re.IGNORECASE,
)
# "Those who do not know it", "depends on not punishing", "its least member", "voice the doubts".
_TELLS_OF_SOME = re.compile(
    r"\b(?:(?:who|which|whose)\s(?:[\w’']+\s)?|(?:on|by|of|for|from|its|their|his|her|our)\s|"
    r"the\s(?!least))$",
    re.IGNORECASE,
)
_ENDS_REACH = re.compile(
    r"[;:.,()]|\s[–—-]|\b(?:but|because|although|though|while|since|so that|unless|until|except)\b",
    re.IGNORECASE,
)
REACH = 12  # words
# In a question these already tell of a trouble or of what is not so.
_TELLS_TROUBLE = re.compile(
    r"\b(?:fail\w*|bad|harm\w*|danger\w*|against|object(?:s|ed|ing)?\sto|critici\w+|limit\w*|"
    r"less|fewer|difficult|hard|problem\w*)\b",
    re.IGNORECASE,
)
_ASKS_WHY = re.compile(
    r"(?:^|[,:;.?!]|\band)\W*(?:why|how come|what makes(?!\sit\b))\b", re.IGNORECASE
)
_EXCEPTS = re.compile(r"\b(?:except\w*|unlike|contrary)\b", re.IGNORECASE)
# What is more costly one says by what is less so, and what is given somebody takes.
_SIDES_OF_ONE = frozenset(map(stem, "more less fewer give take".split()))
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_YEARS = re.compile(rf"({_YEAR.pattern})\s*(?:[–—-]|to|and|until|till)\s*({_YEAR.pattern})")
_LATELY = re.compile(
    r"\b(?:last|past|previous)\s(?:week|month|quarter|year)\b|\byesterday\b", re.IGNORECASE
)
# "In Japan", "in the Tokyo office": where what is asked for is to hold.
_IN_PLACE = re.compile(r"\bin (?:the )?((?:[A-ZÀ-Þ][\w’'-]+ ?)+)")
# With capitals: "may" and "march" are no months.
DAYS_AND_MONTHS = (
    r"January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
_ASKS_DATE = re.compile(
    r"^\W*(?:since when|when (?:did|was|were|had)|(?:(?:in|on|at|since) )?(?:what|which) "
    r"(?:year|century|decade|month|day|date))\b",
    re.IGNORECASE,
)
# When something came up, or in which year it was, no occasion tells.
_ASKS_YEAR = re.compile(
    r"\b(?:what|which) (?:year|century|decade|month|day|date)\b|\b(?:invent|coin|introduc|develop|"
    r"creat|devis|propos|formulat|publish|discover|found|establish|describ|c[ao]me up)\w*\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    rf"\b(?:\d{{3,4}}s?|{DAYS_AND_MONTHS}|"
    r"(?i:centur(?:y|ies)|decades?|years?|months?|weeks?|days?|ago|"
    r"during|before|after|since|until|early|late|earlier|later|ancient|medieval|wars?|era|times))\b"
)
_OCCASION = re.compile(r"\b(?:when(?:ever)?|once|while|as|upon|then|first|last)\b", re.IGNORECASE)
_ASKS_ORIGIN = re.compile(
    r"^\W*who (?:\w+ly |first )?"
    r"((?:invent|coin|devis|propos|formulat|discover|originat|c[ao]me up)\w*)\b",
    re.IGNORECASE,
)
_ASKS_RHYTHM = re.compile(r"^\W*how (?:often|soon|frequently|regularly)\b", re.IGNORECASE)
_RHYTHM = re.compile(
    r"\b(?:often|once|twice|times|every|each|always|never|rarely|seldom|sometimes|regular\w*|"
    r"frequen\w*|repeat\w*|habit\w*|sparing\w*|intervals?|checkpoints?|dates|ongoing|continu\w*|"
    r"constant\w*|immediate\w*|prompt\w*|soon\w*|quick\w*|real[- ]time|hourly|daily|\w*weekly|"
    r"fortnight\w*|\w*monthly|quarter\w*|\w*annual\w*|\w*yearly|per|a (?:day|week|month|year)|"
    r"seconds?|minutes?|hours?|days|weeks?|months?|years?|decades?|depends?|enough|"
    r"too (?:much|often|early|late)|before|after|until|within|when(?:ever)?|as soon as)\b",
    re.IGNORECASE,
)
_ASKS_DEADLINE = re.compile(r"^\W*(?:by|until|till|before) when\b", re.IGNORECASE)
_TIME = re.compile(
    r"\d|\b(?i:before|after|until|till|within|prior|upon|once|when(?:ever)?|as soon as|immediately|"
    r"deadline|(?:beginning|start|end) of|(?:week|month|year|quarter)(?:s|ly)?|days?|daily|"
    rf"hours?)\b|\b(?:{DAYS_AND_MONTHS})\b"
)
# "What does Ada Lind say about …?", "How do Lind and Berg define …?": of whom words are asked.
_NAMES = r"(?:[A-ZÀ-Þ][\w’'-]+\s+(?:(?:and|&)\s+)?){1,8}"
_SAYS = (
    r"(?:say|state|tell|write|think|teach|advise|recommend|suggest|list|name|give|define|describe|"
    r"mean|claim|argue|warn|mention|propose|find|discover|conclude|report|observe|identify|explain|"
    r"call|see|view|regard)"
)
_ASKED_OF = re.compile(
    rf"\b(?:do|does|did)\s+({_NAMES})(?:(?:each|both|\w+ly)\s+)?{_SAYS}\b|"
    rf"\b[Aa]ccording\s+to\s+((?:[A-ZÀ-Þ][\w’'-]+(?:\s+(?:and|&))?\s*){{1,8}})"
)
_SAID_BY = re.compile(
    rf"(?<=[\w,;:)] )({_NAMES})(?:\w+ly\s+)?"
    rf"(?:{_SAYS}(?:s|d|ed|es)?|said|told|wr(?:ites|ote)|thought|taught|gave|meant|found|saw)\b"
)
SAME_FROM = 4  # letters that a place shares with its people and its language
_OF_NOW = re.compile(r"\b(?:is|are|do|does|will|can|should|must|may|has|have)\b", re.IGNORECASE)


def unsaid(question: str, sentence: str, told: str) -> tuple[float, ...]:
    """What of the question the sentence does not say, in the order of `PREMISE_FEATURES`.

    Args:
        question: As asked.
        sentence: The best one.
        told: The sentence with its headings and the one before it, where numbers may stand too.

    Returns:
        1 for a denial that it lacks, else 0; how many particulars it lacks; how many words it
        turns round; how many numbers it lacks.
    """
    return (
        float(bool(_DENIAL.search(question)) and not _DENIAL.search(sentence)),
        float(len(_particulars(question) - _particulars(sentence))),
        float(opposed(question, sentence)),
        float(len(_found(_NUMBER_WORD, question) - _found(_NUMBER_WORD, told))),
    )


def _particulars(text: str) -> set[str]:
    """The particulars that a text names; "12%" and a "percentage" are the same."""
    found = _found(_PARTICULAR, text)
    is_share = bool(found & _SHARES) or "%" in text
    return (found - _SHARES) | ({"percent"} if is_share else set())


def _found(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found.lower() for found in pattern.findall(text)}


def names_in(question: str) -> list[str]:
    """Capitalised words of the question beyond its first, stop words left out, in lower case."""
    return [name.lower() for name in _NAME.findall(question) if name.lower() not in STOPWORDS]


def missing(named: Sequence[str], there: set[str]) -> float:
    """Share of the words that are not there, neither themselves nor by their stem."""
    if not named:
        return 0.0
    return sum(stem(name) not in there and name not in there for name in named) / len(named)


def uncounted(question: str, sentence: str) -> float:
    """1 if the question asks how many of something that the sentence does not name, else 0."""
    match = _COUNTED.search(question)
    counted = terms(match.group(1))[:1] if match else ()
    if counted and counted[0] in _PEOPLE and _PERSONS.search(sentence):
        return 0.0
    return float(bool(counted) and counted[0] not in terms(sentence))


def absent_titles(question: str, texts: Sequence[str]) -> float:
    """Share of the titles in the question that no text holds word for word."""
    titles = [terms(title) for title in _TITLE.findall(question)]
    if not titles:
        return 0.0
    joined = ["|".join(("", *terms(text), "")) for text in texts]
    absent = [all("|".join(("", *title, "")) not in text for text in joined) for title in titles]
    return sum(absent) / len(absent)


def absent_figures(question: str, text: str) -> float:
    """Share of the question's numbers in figures that the text lacks."""
    return missing(_FIGURES.findall(question), set(words(text)))


def is_denial_unsaid(question: str, told: str) -> bool:
    """Whether the question asks for what is not so, and what is told denies nothing.

    "Who may not read the list?" is not answered by who may. In an own case, or where advice is
    asked for, a denial tells the situation and no answer need repeat it. When something does not
    work is told by when it works less well.
    """
    is_asked = not _OWN_CASE.search(question) and _ASKS_DENIED.search(question)
    falls_short = _ASKS_WHEN.search(question) and _FALLS_SHORT.search(told)
    return bool(is_asked) and not _DENIAL.search(told) and not falls_short


def turning_round(question: str) -> frozenset[str]:
    """Stems of the question's words that turn round what they stand with; none in an own case.

    "Why should leaders hide mistakes?" is not answered by what leaders do with mistakes.
    """
    found = [] if _OWN_CASE.search(question) else _TURNS_ROUND.findall(question)
    return frozenset(terms(" ".join(found)))


def tells_undenied(question: str, quotes: Sequence[str]) -> bool:
    """Whether a quote says of a word of the question what its prefix denies; not in an own case.

    "What is its unofficial name?" is not answered by the official one.
    """
    if _OWN_CASE.search(question):
        return False
    said = [word for quote in quotes for word in words(quote)]
    there = {stem(word) for word in said}
    denied = {stem(undenied(word)) for word in said}
    for word in words(question):
        bare = stem(undenied(word))
        if not bare or bare in denied or stem(word) in there:
            continue
        telling = [quote for quote in quotes if bare in {stem(each) for each in words(quote)}]
        if telling and not any(f.search(quote) for f in (_DENIAL, _LESSENS) for quote in telling):
            return True
    return False


def tells_opposite(question: str, quotes: Sequence[str]) -> bool:
    """Whether the first quote says the opposite of a word of the question that no quote says.

    It stands beside the same word there: "the smallest party" is not "the largest party"; where a
    reason is asked for, both may stand anywhere in it. A denial in the question turns it round once
    more, an exception tells of the other side, and an own case tells it otherwise.

    Args:
        question: As asked.
        quotes: The best first; one at least.
    """
    if any(f.search(question) for f in (_OWN_CASE, _DENIAL)) or _EXCEPTS.search(quotes[0]):
        return False
    asked, first = ([stem(word) for word in words(text)] for text in (question, quotes[0]))
    said = {stem(word) for quote in quotes for word in words(quote)}
    pairs, content = set(pairwise(first)), ["", *(w for w in asked if w not in STOPWORDS), ""]
    is_reason = bool(_ASKS_WHY.search(question))
    around = {
        word: {before, after}
        for before, word, after in zip(content, content[1:], content[2:], strict=False)
    }
    for before, word, after in zip(["", *asked], asked, [*asked[1:], ""], strict=False):
        opposites = opposites_of(word) - _SIDES_OF_ONE
        if word in said or opposites & set(asked):
            continue
        beside = [(before, other) for other in opposites if before not in STOPWORDS]
        beside += [(other, after) for other in opposites if after not in STOPWORDS]
        if pairs & set(beside):
            return True
        there = (opposites & set(first)) - STOPWORDS
        if is_reason and there and around.get(word, set()) & set(first):
            return True
    return False


def tells_denied(question: str, quote: str) -> bool:
    """Whether the question asks why it is what the quote takes back; not in an own case.

    "Why does it abolish hierarchy?" is not answered by "without abolishing it", nor "Why should one
    avoid it?" by "it should not be avoided". A word that the quote says also where it takes nothing
    back tells of something else.

    Args:
        question: As asked.
        quote: The best one, or one with every word of the question.
    """
    troubled = (_OWN_CASE, _TELLS_TROUBLE)
    if not _ASKS_WHY.search(question) or any(form.search(question) for form in troubled):
        return False
    if any(map(undenied, words(question))):
        return False
    taken = _taken_back(set(terms(question)), quote)
    rest = " ".join(word for word in question.split() if not taken & set(terms(word)))
    return bool(taken) and not any(form.search(rest) for form in (_DENIAL, _TAKES_BACK))


def _taken_back(asked: set[str], quote: str) -> set[str]:
    """The stems that a quote says only where it takes something back; of the first such place."""
    for found in _TAKES_BACK.finditer(quote):
        before, following = quote[: found.start()], quote[found.end() :]
        if _TELLS_OF_SOME.search(before):
            continue
        ends = _ENDS_REACH.search(following)
        end = ends.start() if ends else len(following)
        within = set(terms(" ".join(following[:end].split()[:REACH])))
        taken = asked & within - set(terms(f"{before} {following[end:]}"))
        if taken:
            return taken
    return set()


def is_always_unsaid(question: str, quotes: Sequence[str]) -> bool:
    """Whether it is asked why something is always so, and the first quote says that it may be.

    Not of what to do, nor where any quote says that it is always so. "Why do the best always go?"
    is answered by why they go.
    """
    is_asked = _IS_ALWAYS.search(question) and not _OWN_CASE.search(question)
    may_be = is_asked and _MAY_BE.search(" ".join(quotes[:1]))
    return bool(may_be) and not any(map(_SAYS_ALWAYS.search, quotes))


def says_every_word(question: str, quote: str) -> bool:
    """Whether a quote says each word of the question that tells something; "always" tells none."""
    return set(terms(question)) - _EVER <= set(terms(quote))


def names_foreign(question: str, is_foreign: Callable[[str], bool]) -> bool:
    """Whether the question names something of which no part is known; not so in an own case.

    What two people or places have in common is not said of a third one. Letters alone may be short
    for what the texts spell out.
    """
    if _OWN_CASE.search(question):
        return False
    names = map(_bare, _NAME.findall(question))
    telling = (name for name in names if not name.isupper() and name.lower() not in STOPWORDS)
    return any(all(is_foreign(part) for part in re.split(r"[-’']", name)) for name in telling)


def is_year_unsaid(question: str, told: str) -> bool:
    """Whether the question asks what was in a year that what is told neither names nor spans.

    What a text says of now or in general holds in the year that a question names.
    """
    if _OWN_CASE.search(question) or _OF_NOW.search(question):
        return False
    spans = [(int(first), int(last)) for first, last in _YEARS.findall(told)]
    return any(
        not re.search(rf"\b{year}|\b{year[:3]}0s\b|(?:\bFY|['’])\s?{year[2:]}\b", told)
        and not any(first <= int(year) <= last for first, last in spans)
        for year in _YEAR.findall(question)
    )


def is_lately_unsaid(question: str, told: str) -> bool:
    """Whether the question asks what was last week or last year, and what is told dates nothing.

    "How many were rejected last year?" is not answered by the rule on rejecting.
    """
    if _OWN_CASE.search(question) or _OF_NOW.search(question) or not _LATELY.search(question):
        return False
    return not (_LATELY.search(told) or _YEAR.search(told))


def is_place_unsaid(question: str, texts: Sequence[str], *, own_case: bool = False) -> bool:
    """Whether the question asks how it is in a place that none of the quoted texts names.

    What they say in general may hold there too. "Japan" is named by "Japanese"; letters alone may
    be short for what the texts spell out.

    Args:
        question: As asked.
        texts: In which the quotes stand, whole.
        own_case: It may tell an own case, as a question for a fact does with "I".
    """
    if _OWN_CASE.search(question) and not own_case:
        return False
    names = map(_bare, _IN_PLACE.findall(question))
    places = (each for name in names for each in name.split() if not each.isupper())
    return any(
        place.lower() not in STOPWORDS
        and not any(re.search(rf"\b{place[:SAME_FROM]}", text, re.IGNORECASE) for text in texts)
        for place in places
    )


def is_deadline_unsaid(question: str, told: str) -> bool:
    """Whether the question asks by when something has to be, and what is told names no time."""
    return bool(_ASKS_DEADLINE.search(question)) and not _TIME.search(told)


def is_origin_unsaid(question: str, told: str) -> bool:
    """Whether it is asked who came up with something, and what is told has no word of that.

    "Who coined it?" is not answered by what it is; whether that names somebody is not looked at.
    """
    found = _ASKS_ORIGIN.search(question)
    return found is not None and not set(terms(found[1])) & set(terms(told))


def is_date_unsaid(question: str, told: str) -> bool:
    """Whether the question asks when something was, and what is told names no time.

    "When was it invented?" is not answered by what it is.
    """
    if not _ASKS_DATE.search(question) or _DATED.search(told):
        return False
    return bool(_ASKS_YEAR.search(question)) or not _OCCASION.search(told)


def is_rhythm_unsaid(question: str, told: str) -> bool:
    """Whether the question asks how often or how soon, and what is told names no time."""
    return bool(_ASKS_RHYTHM.search(question)) and not _RHYTHM.search(told)


def asked_of(question: str) -> tuple[list[str], tuple[int, int]]:
    """Names of whom the words are asked for, and where they stand; none where nobody's are."""
    found, names = _ASKED_OF.search(question), _names_of(_ASKED_OF, question)
    if not found or not names:
        return [], (0, 0)
    start, end = next(found.span(group) for group in (1, 2) if found[group])
    return names, (start, start + len(question[start:end].rstrip()))


def is_said_by_other(
    asked: Sequence[str], quotes: Sequence[str], text: str, is_known: Callable[[str], bool]
) -> bool:
    """Whether what is quoted are the words of another one than of whom they are asked.

    The text of the first quote does not name the one asked for, or no quote does and the first
    says whose words it tells. A name that the library does not know, or that is like one of the
    text, may be misspelt; one that the text has in small letters is no name.

    Args:
        asked: Names, from `asked_of`.
        quotes: The best first.
        text: In which the first stands, whole, with what else is known of it.
        is_known: Whether some text of the library holds a name.
    """

    def names_one(told: str) -> bool:
        held = set(_capitalised(told))
        return any(is_like_one(name, held) for name in asked)

    if not quotes or not any(map(is_known, asked)):
        return False
    if any(re.search(rf"\b{re.escape(name.lower())}\b", text) for name in asked):
        return False
    if not names_one(text):
        return True
    return bool(_names_of(_SAID_BY, quotes[0])) and not names_one(" ".join(quotes))


def _names_of(pattern: re.Pattern[str], text: str) -> list[str]:
    """The capitalised words in the first group that the pattern finds."""
    found = pattern.search(text)
    names = next(filter(None, found.groups())) if found else ""
    return [name for name in _capitalised(names) if name.lower() not in STOPWORDS]


def _capitalised(text: str) -> list[str]:
    return [_bare(name) for name in re.findall(r"\b[A-ZÀ-Þ][\w’'-]+", text)]


def _bare(name: str) -> str:
    """The name without the ending of a possessive."""
    return re.sub(r"['’]s?$", "", name)
