"""One spelling for words that are written differently in Britain and America.

The rules follow the regular differences between the two, as far as stems do not already agree. A
word that a rule changes needlessly ("chemise") does no harm: it is changed wherever it stands.
"""

from __future__ import annotations

import re
from functools import lru_cache

_BEHAVIOUR = (
    "arm|ard|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|misdemean|"
    "neighb|od|parl|ranc|rig|rum|sav|savi|splend|tum|val|vap|vig"
)
_TRAVEL = (
    "cancel|channel|counsel|dial|duel|equal|fuel|jewel|label|level|libel|marvel|model|panel|"
    "quarrel|rival|signal|total|travel|tunnel"
)
# Words in "-ise" everywhere: those whose last part is a root of its own.
_EVERYWHERE = (
    r"\w*(?:[aou]|v|w|pr|advert|apert|ch|enterpr|expert|franch|merchand|parad|sp|treat|anal|"
    r"circumc|conc|exc|exerc|inc|prec|dem|prem|prom|surm|pract)"
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (
            rf"^(?!{_EVERYWHERE}is)(\w{{3,}})is(?=(?:e[drs]?|ers|ing|able|ations?|ational|"
            r"ationally)$)",
            r"\1iz",
        ),
        (r"(?<=anal|aral|atal)ys(?=(?:e|ed|ing|ers?)$)", "yz"),
        (rf"^((?:dis|mis|un|multi|co)?(?:{_BEHAVIOUR}))our", r"\1or"),
        (r"(cent|theat|met|lit|fib|calib|somb|spect|lust|meag)re(?=s?$)", r"\1er"),
        (r"(cent)r(?=ed$|ing$)", r"\1er"),
        (r"programme(?=s?$)", "program"),
        (r"logue(?=[ds]?$)", "log"),
        (r"(?<=def|off)ence(?=s?$|less|lessness)", "ense"),
        (r"(?<=pret)ence(?=s?$)", "ense"),
        (r"^licence(?=[ds]?$)", "license"),
        (r"^(mal)?practis(?=(?:e|ed|es|ing)$)", r"\1practic"),
        (r"dgement", "dgment"),
        (r"^(skil|wil)ful", r"\1lful"),
        (r"^(enrol|instal|fulfil)ment", r"\1lment"),
        (rf"^({_TRAVEL})l(?=(?:er|or|ers|ors|ous|ously|ery)$)", r"\1"),
        (r"^sceptic", "skeptic"),
        (r"^grey", "gray"),
        (r"^(m)ould", r"\1old"),
        (r"^plough", "plow"),
        (r"^artefact", "artifact"),
        (r"^alumini", "alumin"),
        (r"^manoeuvr", "maneuver"),
        (r"^(toward|afterward|among)st?$", r"\1"),
        (r"sulph", "sulf"),
        (r"aemi", "emi"),
        (r"haem", "hem"),
        (r"(?<=p)aed(?=i|o)", "ed"),
        (r"anaesth", "anesth"),
        (r"gynaec", "gynec"),
        (r"^aetiolog", "etiolog"),
        (r"^(arch|pal)aeo", r"\1eo"),
        (r"^oe(?=soph|str|dem)", "e"),
        (r"^foet", "fet"),
        (r"rrhoea", "rrhea"),
    )
)


@lru_cache(maxsize=65536)
def american(word: str) -> str:
    """The word, in lower case, as it is written in America.

    Args:
        word: In lower case.
    """
    for pattern, put in _RULES:
        word = pattern.sub(put, word)
    return word
