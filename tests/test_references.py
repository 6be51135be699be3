"""References: five styles, names, suffixes, and files that other programs read."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.formatter import plain as plain_formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.errors import BadSetting
from kb.records import Locator, Metadata, Source
from kb.references import (
    STYLES,
    bibliography,
    bibliography_runs,
    csl_record,
    in_text,
    in_text_runs,
    listed_runs,
    parse_name,
    reference,
    reference_runs,
    works,
    write_bibtex,
    write_csl_json,
    write_ris,
)

BOOK: dict[str, Any] = {
    "id": "b",
    "type": "book",
    "title": "Leadership Without Easy Answers",
    "author": [{"family": "Heifetz", "given": "Ronald A."}],
    "issued": {"date-parts": [[1994]]},
    "publisher": "Harvard University Press",
    "publisher-place": "Cambridge, MA",
}
ARTICLE: dict[str, Any] = {
    "id": "a",
    "type": "article-journal",
    "title": "The work of leadership",
    "author": [
        {"family": "Heifetz", "given": "Ronald A."},
        {"family": "Laurie", "given": "Donald L."},
    ],
    "issued": {"date-parts": [[1997]]},
    "container-title": "Harvard Business Review",
    "volume": "75",
    "issue": "1",
    "page": "124-134",
    "DOI": "10.1000/work",
}
CHAPTER: dict[str, Any] = {
    "id": "c",
    "type": "chapter",
    "title": "Social character",
    "author": [
        {"family": "van der Berg", "given": "Jan"},
        {"family": "O'Neil", "given": "Ann"},
        {"family": "Li", "given": "Wei"},
        {"family": "Roe", "given": "Kim"},
    ],
    "editor": [{"family": "Stone", "given": "Iris"}],
    "issued": {"date-parts": [[2020]]},
    "container-title": "The handbook of character",
    "page": "1-20",
    "publisher": "Sage",
}
PAGE: dict[str, Any] = {
    "id": "w",
    "type": "webpage",
    "title": "Coalition leadership: five ways",
    "URL": "https://example.org/coalition",
}
PAGE_12, PARAGRAPH_4 = Locator("12", ("Origins",), 3), Locator(None, (), 4)

# Checked by hand against the manuals' own patterns for the four kinds of work.
ENTRIES = {
    "apa": (
        "Heifetz, R. A. (1994). Leadership Without Easy Answers. Harvard University Press.",
        "Heifetz, R. A., & Laurie, D. L. (1997). The work of leadership. Harvard Business "
        "Review, 75(1), 124–134. https://doi.org/10.1000/work",
        "van der Berg, J., O'Neil, A., Li, W., & Roe, K. (2020). Social character. In I. Stone "
        "(Ed.), The handbook of character (pp. 1–20). Sage.",
        "Coalition leadership: five ways. (n.d.). https://example.org/coalition",
    ),
    "chicago-author-date": (
        "Heifetz, Ronald A. 1994. Leadership Without Easy Answers. Harvard University Press.",
        "Heifetz, Ronald A., and Donald L. Laurie. 1997. “The Work of Leadership.” Harvard "
        "Business Review 75 (1): 124–34. https://doi.org/10.1000/work.",
        "van der Berg, Jan, Ann O'Neil, Wei Li, and Kim Roe. 2020. “Social Character.” In The "
        "Handbook of Character, edited by Iris Stone, 1–20. Sage.",
        "“Coalition Leadership: Five Ways.” n.d. https://example.org/coalition.",
    ),
    "modern-language-association": (
        "Heifetz, Ronald A. Leadership Without Easy Answers. Harvard University Press, 1994.",
        "Heifetz, Ronald A., and Donald L. Laurie. “The Work of Leadership.” Harvard Business "
        "Review, vol. 75, no. 1, 1997, pp. 124–34, https://doi.org/10.1000/work.",
        "van der Berg, Jan, et al. “Social Character.” The Handbook of Character, edited by Iris "
        "Stone, Sage, 2020, pp. 1–20.",
        "“Coalition Leadership: Five Ways.” https://example.org/coalition.",
    ),
    "harvard-cite-them-right": (
        "Heifetz, R.A. (1994) Leadership Without Easy Answers. Cambridge, MA: Harvard "
        "University Press.",
        "Heifetz, R.A. and Laurie, D.L. (1997) ‘The work of leadership’, Harvard Business "
        "Review, 75(1), pp. 124–134. Available at: https://doi.org/10.1000/work.",
        "van der Berg, J. et al. (2020) ‘Social character’, in I. Stone (ed.) The handbook of "
        "character. Sage, pp. 1–20.",
        "Coalition leadership: five ways (no date). Available at: https://example.org/coalition.",
    ),
    "ieee": (
        "R. A. Heifetz, Leadership Without Easy Answers. Cambridge, MA: Harvard University "
        "Press, 1994.",
        "R. A. Heifetz and D. L. Laurie, “The work of leadership,” Harvard Business Review, "
        "vol. 75, no. 1, pp. 124–134, 1997, doi: 10.1000/work.",
        "J. van der Berg, A. O'Neil, W. Li, and K. Roe, “Social character,” in The handbook of "
        "character, I. Stone, Ed. Sage, 2020, pp. 1–20.",
        "“Coalition leadership: five ways.” [Online]. Available: https://example.org/coalition",
    ),
}
IN_TEXT = {
    "apa": ("(Heifetz & Laurie, 1997, p. 12)", "(Coalition Leadership, n.d., para. 4)"),
    "chicago-author-date": (
        "(Heifetz and Laurie 1997, 12)",
        "(“Coalition Leadership,” n.d., para. 4)",
    ),
    "modern-language-association": (
        "(Heifetz and Laurie 12)",
        "(“Coalition Leadership,” par. 4)",
    ),
    "harvard-cite-them-right": (
        "(Heifetz and Laurie, 1997, p. 12)",
        "(Coalition leadership, no date, para. 4)",
    ),
    "ieee": ("[1, p. 12]", "[1, para. 4]"),
}


def source(metadata: Metadata, *, format: str = "markdown") -> Source:
    """A source with that metadata."""
    return Source("0123456789ab", "folder/file.md", "0" * 64, 1, format, metadata)


@pytest.mark.parametrize("style", STYLES)
def test_each_style_prints_book_article_chapter_and_page(style: str) -> None:
    """Entries are those of the manual, letter by letter."""
    printed = tuple(reference(work, style=style) for work in (BOOK, ARTICLE, CHAPTER, PAGE))
    assert printed == ENTRIES[style]


@pytest.mark.parametrize("style", STYLES)
def test_each_style_cites_page_and_paragraph_in_the_text(style: str) -> None:
    """With names and page, and with a title and a paragraph."""
    printed = (
        in_text(ARTICLE, locator=PAGE_12, style=style),
        in_text(PAGE, locator=PARAGRAPH_4, style=style),
    )
    assert printed == IN_TEXT[style]


def test_names_in_the_text_are_shortened_as_the_style_asks() -> None:
    """Three authors and more in APA, four and more in Harvard."""
    assert in_text(CHAPTER) == "(van der Berg et al., 2020)"
    three = CHAPTER | {"author": CHAPTER["author"][:3]}
    assert in_text(three) == "(van der Berg et al., 2020)"
    harvard = "harvard-cite-them-right"
    assert in_text(three, style=harvard) == "(van der Berg, O'Neil and Li, 2020)"
    assert in_text(CHAPTER, style=harvard) == "(van der Berg et al., 2020)"


def test_several_pages_and_slides_have_marks_of_their_own() -> None:
    """A range is in the plural, a slide is no page."""
    assert in_text(BOOK, locator=Locator("12-14", (), 1)) == "(Heifetz, 1994, pp. 12–14)"
    slides = csl_record(source(Metadata(title="Day one", authors=("Ann Roe",)), format="pptx"))
    assert in_text(slides, locator=Locator("3", (), 9)) == "(Roe, n.d., slide 3)"
    assert reference(slides) == "Roe, A. (n.d.). Day one [PowerPoint slides]."


def test_a_title_in_quotation_marks_takes_the_comma_where_the_style_puts_it() -> None:
    """Inside in the American styles, outside in the British one."""
    unsigned = {key: ARTICLE[key] for key in ARTICLE if key != "author"}
    assert in_text(unsigned) == "(“The Work of Leadership,” 1997)"
    mla = in_text(unsigned, locator=PARAGRAPH_4, style="modern-language-association")
    assert mla == "(“The Work of Leadership,” par. 4)"
    harvard = in_text(unsigned, style="harvard-cite-them-right")
    assert harvard == "(‘The work of leadership’, 1997)"


@pytest.mark.parametrize(
    ("title", "apa", "chicago", "harvard", "ieee"),
    [
        (
            'The "death valley" of managers\' change',
            "(1997). The “death valley” of managers’ change. Harvard",
            "“The ‘Death Valley’ of Managers’ Change.” Harvard",
            "‘The “death valley” of managers’ change’, Harvard",
            "“The ‘death valley’ of managers’ change,” Harvard",
        ),
        (
            "“Not another meeting!” Are they of use?",
            "(1997). “Not another meeting!” Are they of use? Harvard",
            "“‘Not Another Meeting!’ Are They of Use?” Harvard",
            "‘“Not another meeting!” Are they of use?’, Harvard",
            "“‘Not another meeting!’ Are they of use?” Harvard",
        ),
        (
            "Cons of 'Getting to Yes'",
            "(1997). Cons of “Getting to Yes.” Harvard",
            "“Cons of ‘Getting to Yes.’” Harvard",
            "‘Cons of “Getting to Yes”’, Harvard",
            "“Cons of ‘Getting to Yes,’” Harvard",
        ),
        (
            "Why ‘a \"b\" c’ pays in the leaders' '90s",
            "(1997). Why “a ‘b’ c” pays in the leaders’ ’90s. Harvard",
            "“Why ‘a “B” C’ Pays in the Leaders’ ’90s.” Harvard",
            "‘Why “a ‘b’ c” pays in the leaders’ ’90s’, Harvard",
            "“Why ‘a “b” c’ pays in the leaders’ ’90s,” Harvard",
        ),
    ],
)
def test_quotation_marks_inside_a_title_change_with_those_around_it(
    title: str, apa: str, chicago: str, harvard: str, ieee: str
) -> None:
    """Single in double ones and double in single ones; straight marks become curly."""
    article = ARTICLE | {"title": title}
    assert apa in reference(article)
    assert chicago in reference(article, style="chicago")
    assert chicago in reference(article, style="mla")
    assert harvard in reference(article, style="harvard")
    assert ieee in reference(article, style="ieee")


def test_an_issue_without_a_volume_is_called_a_number() -> None:
    """In brackets it would be an issue of nothing; APA alone has it so. A name is no number."""
    article = {key: value for key, value in ARTICLE.items() if key not in ("volume", "DOI")}
    assert "Harvard Business Review, no. 1: 124–34." in reference(article, style="chicago")
    assert "Harvard Business Review, no. 1, pp. 124–134." in reference(article, style="harvard")
    assert "Harvard Business Review, no. 1, 1997" in reference(article, style="mla")
    assert "Harvard Business Review, no. 1, pp." in reference(article, style="ieee")
    assert "Harvard Business Review, (1), 124–134." in reference(article)
    spring = article | {"issue": "Spring"}
    assert "Harvard Business Review, Spring: 124–34." in reference(spring, style="chicago")
    assert "Harvard Business Review, Spring, pp. 124–134." in reference(spring, style="harvard")


def test_the_volume_of_a_book_is_printed_with_its_chapter() -> None:
    """Where each manual has it; two issues in one are joined by a dash."""
    chapter = CHAPTER | {"volume": "2", "publisher-place": "London"}
    parts = {
        "apa": "In I. Stone (Ed.), The handbook of character (Vol. 2, pp. 1–20). Sage.",
        "chicago": "In The Handbook of Character, vol. 2, edited by Iris Stone, 1–20. Sage.",
        "mla": "The Handbook of Character, edited by Iris Stone, vol. 2, Sage, 2020, pp. 1–20.",
        "harvard": "(ed.) The handbook of character. Vol. 2. London: Sage, pp. 1–20.",
        "ieee": "in The handbook of character, vol. 2, I. Stone, Ed. London: Sage, 2020, pp. 1–20.",
    }
    for style, printed in parts.items():
        assert printed in reference(chapter, style=style)
    assert "75(3–4), 124" in reference(ARTICLE | {"issue": "3-4"})


def test_quotation_marks_inside_a_book_title_are_those_of_the_style() -> None:
    """Nothing but italics stands around it; British marks are single."""
    other = BOOK | {"title": 'The "new" leader'}
    assert "The “new” leader." in reference(other)
    assert "The “New” Leader." in reference(other, style="chicago")
    assert "The ‘new’ leader." in reference(other, style="harvard")
    ends = BOOK | {"title": 'The leader\'s "no"'}
    assert reference_runs(ends)[1] == ("The leader’s “no.”", True)
    assert "The leader’s ‘no’. Cambridge" in reference(ends, style="harvard")


def test_a_title_with_marks_of_its_own_is_cited_in_the_text_like_in_the_list() -> None:
    """The comma stands inside both marks in American styles, outside in the British one."""
    article = ARTICLE | {"author": [], "title": "The “yes”: A reply"}
    assert in_text(article) == "(“The ‘Yes,’” 1997)"
    assert in_text(article, style="harvard") == "(‘The “yes”’, 1997)"
    asked = ARTICLE | {"author": [], "title": "“Not another meeting!” Are they of use?"}
    assert in_text(asked, style="chicago") == "(“‘Not Another Meeting!’” 1997)"


def test_other_styles_change_the_marks_inside_a_title_too() -> None:
    """citeproc-py leaves them as they are."""
    import citeproc

    file = f"{citeproc.STYLES_PATH}/harvard-cite-them-right.csl"
    article = ARTICLE | {"title": 'The "death valley" of change'}
    assert "“The ‘death valley’ of change" in reference(article, style=file)


def test_works_of_the_same_author_and_year_get_letters_by_title() -> None:
    """The letter stands in the text and in the list, whatever order they were cited in."""
    other = BOOK | {"id": "b2", "title": "A Field Guide"}
    listed = works([BOOK, ARTICLE, other, BOOK])
    assert [work.suffix for work in listed] == ["b", "", "a"]
    cited = [
        "".join(text for text, _ in in_text_runs(w, locator=None, style="apa")) for w in listed
    ]
    assert cited == ["(Heifetz, 1994b)", "(Heifetz & Laurie, 1997)", "(Heifetz, 1994a)"]
    assert [entry[:24] for entry in bibliography([BOOK, ARTICLE, other])] == [
        "Heifetz, R. A. (1994a). ",
        "Heifetz, R. A. (1994b). ",
        "Heifetz, R. A., & Laurie",
    ]


def cited(records: list[dict[str, Any]], style: str = "apa") -> list[str]:
    """The citations in the text of works that are cited together."""
    listed = works(records, style=style)
    return ["".join(t for t, _ in in_text_runs(w, locator=None, style=style)) for w in listed]


def book(year: int, *names: str) -> dict[str, Any]:
    """A book of that year by people with these names."""
    return BOOK | {
        "author": [parse_name(name) for name in names],
        "issued": {"date-parts": [[year]]},
        "title": f"Of {' and '.join(names)}",
    }


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", ["(A. Smith, 2020)", "(B. Smith & Roe, 2020)", "(Jones, 2020)"]),
        ("chicago-author-date", ["(A. Smith 2020)", "(B. Smith and Roe 2020)", "(Jones 2020)"]),
        ("modern-language-association", ["(A. Smith)", "(B. Smith and Roe)", "(Jones)"]),
        ("harvard-cite-them-right", ["(A. Smith, 2020)", "(B. Smith and Roe, 2020)"]),
        ("ieee", ["[1]", "[2]", "[3]"]),
    ],
)
def test_two_first_authors_of_one_surname_are_cited_with_initials(
    style: str, expected: list[str]
) -> None:
    """In every citation of theirs, and instead of a letter after the year (APA 7, 8.20)."""
    records = [book(2020, "Ann Smith"), book(2020, "Bob Smith", "Kim Roe"), book(2020, "Lee Jones")]
    assert cited(records, style)[: len(expected)] == expected


def test_initials_that_are_shared_too_give_way_to_given_names() -> None:
    """As the manual does for Sarah and Shonda Williams."""
    assert cited([book(2019, "Sarah Williams"), book(2011, "Shonda Williams")]) == [
        "(Sarah Williams, 2019)",
        "(Shonda Williams, 2011)",
    ]


def test_one_person_under_two_spellings_needs_no_initials() -> None:
    """Full names, initials and a missing second name may be the same person."""
    records = [
        book(1994, "Ronald A. Heifetz"),
        book(2009, "R. Heifetz"),
        book(2009, "R. A. Heifetz"),
    ]
    assert cited(records) == ["(Heifetz, 1994)", "(Heifetz, 2009b)", "(Heifetz, 2009a)"]
    assert cited([book(2007, "C. Otto Scharmer"), book(2013, "Otto Scharmer")])[1] == (
        "(Scharmer, 2013)"
    )


def test_many_authors_are_told_apart_by_further_names() -> None:
    """Only the same authors get letters (APA 7, 8.18); et al. never stands for one name."""
    kapoor = [
        book(2017, "A. Kapoor", "B. Bloom", "C. Montez", "D. Warner"),
        book(2017, "A. Kapoor", "B. Bloom", "E. Zucker", "D. Warner"),
        book(2018, "A. Kapoor", "B. Bloom", "E. Zucker", "D. Warner"),
    ]
    assert cited(kapoor) == [
        "(Kapoor, Bloom, Montez, & Warner, 2017)",
        "(Kapoor, Bloom, Zucker, & Warner, 2017)",
        "(Kapoor et al., 2018)",
    ]
    more = [each | {"author": [*each["author"], parse_name("F. Ott")]} for each in kapoor[:2]]
    assert cited(more) == [
        "(Kapoor, Bloom, Montez, et al., 2017)",
        "(Kapoor, Bloom, Zucker, et al., 2017)",
    ]
    twins = [kapoor[0], kapoor[0] | {"title": "Another"}]
    assert cited(twins) == ["(Kapoor et al., 2017b)", "(Kapoor et al., 2017a)"]


def test_several_places_in_a_row_are_cited_as_one_stretch() -> None:
    """Pages, paragraphs and slides in the plural, as each style marks them."""
    (work,) = works([BOOK])
    pages = {"locator": PAGE_12, "through": Locator("14", (), 9)}
    paragraphs = {"locator": PARAGRAPH_4, "through": Locator(None, (), 6)}
    printed = {
        style: [
            "".join(text for text, _ in in_text_runs(work, style=style, **places))
            for places in (pages, paragraphs)
        ]
        for style in STYLES
    }
    assert printed == {
        "apa": ["(Heifetz, 1994, pp. 12–14)", "(Heifetz, 1994, paras. 4–6)"],
        "chicago-author-date": ["(Heifetz 1994, 12–14)", "(Heifetz 1994, paras. 4–6)"],
        "modern-language-association": ["(Heifetz 12–14)", "(Heifetz, pars. 4–6)"],
        "harvard-cite-them-right": [
            "(Heifetz, 1994, pp. 12–14)", "(Heifetz, 1994, paras. 4–6)",
        ],
        "ieee": ["[1, pp. 12–14]", "[1, paras. 4–6]"],
    }  # fmt: skip


def test_editions_dates_and_places_stand_where_each_manual_has_them() -> None:
    """What the four kinds above do not show."""
    handbook = CHAPTER | {"edition": "3", "publisher-place": "London"}
    assert "In The Handbook of Character, 3rd ed., edited by" in reference(
        handbook, style="chicago-author-date"
    )
    harvard = "harvard-cite-them-right"
    assert "(ed.) The handbook of character. 3rd edn. London: Sage, pp. 1–20." in reference(
        handbook, style=harvard
    )
    assert reference(BOOK | {"edition": "2"}, style=harvard).endswith(
        "Leadership Without Easy Answers. 2nd edn. Cambridge, MA: Harvard University Press."
    )
    assert "I. Stone, Ed., 3rd ed. London: Sage, 2020" in reference(handbook, style="ieee")
    unsigned = {key: ARTICLE[key] for key in ARTICLE if key not in ("author", "DOI")}
    assert reference(unsigned, style=harvard) == (
        "‘The work of leadership’ (1997) Harvard Business Review, 75(1), pp. 124–134."
    )
    dated = PAGE | {"issued": {"date-parts": [[2020, 9, 5]]}, "container-title": "Team blog"}
    assert "Team Blog, 5 Sept. 2020, https" in reference(dated, style="modern-language-association")


def test_undated_works_of_the_same_author_get_letters_too() -> None:
    """APA writes them after a hyphen."""
    undated = [{key: BOOK[key] for key in BOOK if key != "issued"} | {"title": t} for t in "AB"]
    assert [entry.split(")")[0] for entry in bibliography(undated)] == [
        "Heifetz, R. A. (n.d.-a",
        "Heifetz, R. A. (n.d.-b",
    ]


def test_mla_tells_works_of_one_author_apart_by_title() -> None:
    """It has no letters."""
    style = "modern-language-association"
    listed = works([BOOK, BOOK | {"title": "A field guide"}], style=style)
    cited = ["".join(t for t, _ in in_text_runs(w, locator=PAGE_12, style=style)) for w in listed]
    assert cited == ["(Heifetz, Leadership Without Easy Answers 12)", "(Heifetz, A Field Guide 12)"]


def test_mla_lists_works_of_one_author_by_title_and_names_him_once() -> None:
    """Three hyphens for the same names; other names, and an editor's role, are printed."""
    later = BOOK | {"title": "Adapting", "issued": {"date-parts": [[2010]]}}
    edited = {**BOOK, "title": "Zeal", "editor": BOOK["author"]}
    del edited["author"]
    listed = bibliography_runs(works([BOOK, later, ARTICLE, edited], style="mla"), "mla")
    printed = ["".join(text for text, _ in runs) for runs in listed_runs(listed, "mla")]
    assert [entry[:32] for entry in printed] == [
        "Heifetz, Ronald A. Adapting. Har",
        "---. Leadership Without Easy Ans",
        "Heifetz, Ronald A., editor. Zeal",
        "Heifetz, Ronald A., and Donald L",
    ]
    apa = bibliography_runs(works([BOOK, later]), "apa")
    assert listed_runs(apa, "apa") == [runs for _, runs in apa]


def test_ieee_numbers_works_in_the_order_of_citation() -> None:
    """A work that is cited twice keeps its number."""
    entries = bibliography([ARTICLE, BOOK, ARTICLE], "ieee")
    assert [entry[:10] for entry in entries] == ["[1] R. A. ", "[2] R. A. "]
    assert "Without Easy Answers" in entries[1]


def test_titles_of_whole_works_and_journals_are_in_italics() -> None:
    """Runs carry what plain text loses."""
    assert [text for text, italic in reference_runs(ARTICLE) if italic] == [
        "Harvard Business Review",
        "75",
    ]
    assert [text for text, italic in reference_runs(BOOK) if italic] == [BOOK["title"]]


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("Ronald A. Heifetz", {"family": "Heifetz", "given": "Ronald A."}),
        ("Heifetz, Ronald A.", {"family": "Heifetz", "given": "Ronald A."}),
        ("Jan van der Berg", {"family": "van der Berg", "given": "Jan"}),
        ("Martin Luther King Jr.", {"family": "King", "given": "Martin Luther", "suffix": "Jr."}),
        ("King, Martin L., Jr.", {"family": "King", "given": "Martin L.", "suffix": "Jr."}),
        ("Harvard University", {"literal": "Harvard University"}),
        ("Department of the Army", {"literal": "Department of the Army"}),
        ("Smith, Jones and Partners", {"literal": "Smith, Jones and Partners"}),
        ("GitLab", {"literal": "GitLab"}),
        ("孔子", {"literal": "孔子"}),
        ("{Leading Edge}", {"literal": "Leading Edge"}),
        ("Müller, Käthe", {"family": "Müller", "given": "Käthe"}),
    ],
)
def test_names_are_told_from_organisations(name: str, parsed: dict[str, str]) -> None:
    """Both orders of a personal name, particles, suffixes and organisations."""
    assert parse_name(name) == parsed


def test_a_source_without_author_and_date_has_a_reference() -> None:
    """The title stands in the author's place, and the path where there is no title."""
    assert reference(csl_record(source(Metadata(title="Notes")))) == "Notes. (n.d.)."
    assert reference(csl_record(source(Metadata()))) == "folder/file.md. (n.d.)."


def test_the_year_of_a_framework_does_not_date_a_text_about_it() -> None:
    """A text that names originators and no author is not as old as the framework."""
    about = Metadata(title="Adaptive leadership", year=1994, people=("Ronald A. Heifetz",))
    assert reference(csl_record(source(about))) == "Adaptive leadership. (n.d.)."
    dated = Metadata(title="Adaptive leadership", year=1994, authors=("Ann Roe",))
    assert reference(csl_record(source(dated))) == "Roe, A. (1994). Adaptive leadership."


def test_what_the_source_states_as_csl_wins() -> None:
    """Type, publisher and date of the sidecar are taken as they are."""
    metadata = Metadata(
        title="T", authors=("Ann Roe",), csl={"type": "report", "publisher": "Sage", "number": "7"}
    )
    assert reference(csl_record(source(metadata))) == "Roe, A. (n.d.). T (7). Sage."


def test_an_author_who_publishes_is_not_named_twice_in_apa() -> None:
    """As the manual asks."""
    record = {"type": "report", "title": "T", "publisher": "The Army", "issued": {"raw": "2019"}}
    record["author"] = [{"literal": "The Army"}]
    assert reference(record) == "The Army. (2019). T."


THESIS: dict[str, Any] = {
    "type": "thesis", "title": "Ballast leadership", "author": [{"family": "Roe", "given": "Ann"}],
    "issued": {"date-parts": [[2015]]}, "publisher": "University of Turku",
    "genre": "Doctoral dissertation",
}  # fmt: skip
REPORT: dict[str, Any] = {
    "type": "report", "title": "Keel leadership", "author": [{"family": "Roe", "given": "Ann"}],
    "issued": {"date-parts": [[2016]]}, "publisher": "Crew Council", "number": "Report No. 12",
}  # fmt: skip
# Checked by hand against the manuals' own patterns.
THESES_AND_REPORTS = {
    "apa": (
        "Roe, A. (2015). Ballast leadership [Doctoral dissertation, University of Turku].",
        "Roe, A. (2016). Keel leadership (Report No. 12). Crew Council.",
    ),
    "chicago": (
        "Roe, Ann. 2015. “Ballast Leadership.” Doctoral dissertation, University of Turku.",
        "Roe, Ann. 2016. Keel Leadership. Report No. 12. Crew Council.",
    ),
    "mla": (
        "Roe, Ann. Ballast Leadership. 2015. University of Turku, Doctoral dissertation.",
        "Roe, Ann. Keel Leadership. Report No. 12, Crew Council, 2016.",
    ),
    "harvard": (
        "Roe, A. (2015) Ballast leadership. Doctoral dissertation. University of Turku.",
        "Roe, A. (2016) Keel leadership. Report No. 12. Crew Council.",
    ),
    "ieee": (
        "A. Roe, “Ballast leadership,” Doctoral dissertation, University of Turku, 2015.",
        "A. Roe, “Keel leadership,” Crew Council, Report No. 12, 2016.",
    ),
}


@pytest.mark.parametrize("style", THESES_AND_REPORTS)
def test_each_style_prints_theses_and_reports(style: str) -> None:
    """With degree and university, and with the number of the report."""
    printed = tuple(reference(record, style=style) for record in (THESIS, REPORT))
    assert printed == THESES_AND_REPORTS[style]


@pytest.mark.parametrize(
    ("pages", "chicago", "mla"),
    [
        ("3-10", "3–10", "3–10"), ("100-104", "100–104", "100–04"), ("107-108", "107–8", "107–08"),
        ("201-219", "201–19", "201–19"), ("321-328", "321–28", "321–28"),
        ("498-532", "498–532", "498–532"), ("1496-1500", "1496–500", "1496–500"),
        ("S12-S19", "S12–S19", "S12–S19"), ("e1001", "e1001", "e1001"),
    ],
)  # fmt: skip
def test_chicago_and_mla_shorten_the_second_page_number(pages: str, chicago: str, mla: str) -> None:
    """As their tables of examples do; the other styles print both whole."""
    record = ARTICLE | {"page": pages}
    assert f"75 (1): {chicago}. " in reference(record, style="chicago")
    assert f"{mla}, https" in reference(record, style="mla")
    for style in ("apa", "harvard", "ieee"):
        assert pages.replace("-", "–") in reference(record, style=style)
    place = Locator(pages, (), 1)
    assert in_text(BOOK, locator=place, style="chicago") == f"(Heifetz 1994, {chicago})"
    assert in_text(BOOK, locator=place, style="mla").endswith(f"{mla})")


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("short-term wins in values-driven teams", "Short-Term Wins in Values-Driven Teams"),
        ("a post-war and anti-heroic view", "A Post-war and Anti-heroic View"),
        ("charismatic/transformational leaders", "Charismatic/Transformational Leaders"),
        ("state-of-the-art: a meta-analysis", "State-of-the-Art: A Meta-analysis"),
        ("a (change-)management view—A look", "A (Change-)Management View—A Look"),
        ("outside in: standing up to and for", "Outside In: Standing Up to and For"),
        ("the eBay way and NATO’s", "The eBay Way and NATO’s"),
    ],
)
def test_headline_capitals_go_to_both_parts_of_a_compound(title: str, printed: str) -> None:
    """But not behind a prefix, nor to small words."""
    record = {"type": "book", "title": title}
    assert reference(record, style="mla") == f"{printed}."
    assert reference(record, style="apa") == f"{title}. (n.d.)."


TRANSLATED: dict[str, Any] = BOOK | {
    "title": "The prince", "edition": "2", "translator": [{"family": "Bull", "given": "George"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("style", "part"),
    [
        ("apa", "The prince (G. Bull, Trans.; 2nd ed.). "),
        ("chicago", "The Prince. 2nd ed. Translated by George Bull. "),
        ("mla", "The Prince. Translated by George Bull, 2nd ed., "),
        ("harvard", "The prince. Translated by G. Bull. 2nd edn. "),
        ("ieee", "The prince, G. Bull, Trans., 2nd ed. "),
    ],
)
def test_each_style_names_the_translator_of_a_book(style: str, part: str) -> None:
    """Unless the record has the translator as the author too."""
    assert part in reference(TRANSLATED, style=style)
    told = reference(TRANSLATED | {"translator": BOOK["author"]}, style=style)
    assert "rans" not in told


def test_harvard_names_three_editors_without_a_serial_comma_and_four_by_the_first() -> None:
    """As it does with authors."""
    editors = [{"family": name, "given": "Ann"} for name in ("Kim", "Yang", "Hwang", "Roe")]
    three = reference(CHAPTER | {"editor": editors[:3]}, style="harvard")
    assert "in A. Kim, A. Yang and A. Hwang (eds) The" in three
    assert "in A. Kim et al. (eds) The" in reference(CHAPTER | {"editor": editors}, style="harvard")


def test_a_web_page_in_ieee_is_a_sentence_of_its_own_with_the_day_of_access() -> None:
    """The author is closed by a full stop, unlike that of an article."""
    page = PAGE | {
        "author": [{"literal": "Crew Institute"}], "container-title": "Crews",
        "accessed": {"date-parts": [[2024, 11, 2]]},
    }  # fmt: skip
    assert reference(page, style="ieee") == (
        "Crew Institute. “Coalition leadership: five ways.” Crews. Accessed: Nov. 2, 2024. "
        "[Online]. Available: https://example.org/coalition"
    )


def test_managers_are_told_university_degree_number_and_day_of_access() -> None:
    """Each in the field of its own that the two formats have."""
    seen = PAGE | {"accessed": {"date-parts": [[2024, 11, 2]]}}
    thesis, page = bibtexparser.parse_string(write_bibtex([THESIS, seen])).entries
    assert (thesis["school"], thesis["type"]) == ("University of Turku", "Doctoral dissertation")
    assert page["urldate"] == "2024-11-02"
    theses, report, site = rispy.loads(write_ris([THESIS, REPORT, seen]))
    assert theses["type_of_work"] == "Doctoral dissertation"
    assert report["number"] == "Report No. 12"
    assert site["access_date"] == "2024/11/02"


def test_an_organisation_that_publishes_itself_is_cited_by_title_in_mla() -> None:
    """It stands as the publisher alone; the other styles name it as the author."""
    army = {"literal": "The Army"}
    record = {"type": "report", "title": "On trust", "publisher": "The Army", "author": [army]}
    style = "modern-language-association"
    assert reference(record, style=style) == "On Trust. The Army."
    assert in_text(record, locator=PAGE_12, style=style) == "(On Trust 12)"
    assert in_text(record, locator=PAGE_12) == "(The Army, n.d., p. 12)"
    assert [entry[:5] for entry in bibliography([record, CHAPTER, BOOK], style)] == [
        "Heife", "On Tr", "van d",
    ]  # fmt: skip


def _with_citeproc(record: dict[str, Any]) -> str:
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    listed = CitationStylesBibliography(style, CiteProcJSON([record]), plain_formatter)
    listed.register(Citation([CitationItem(record["id"])]))
    return str(listed.bibliography()[0]).replace("“", "‘").replace("”", "’")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("record", [BOOK, ARTICLE, CHAPTER | {"author": CHAPTER["author"][:3]}])
def test_harvard_agrees_with_the_style_file_of_citeproc(record: dict[str, Any]) -> None:
    """A second implementation of the one style that citeproc-py ships prints the same."""
    assert reference(record, style="harvard-cite-them-right") == _with_citeproc(record)


def test_another_csl_style_is_printed_by_citeproc() -> None:
    """Any style file by its path; the italics come along."""
    import citeproc

    file = f"{citeproc.STYLES_PATH}/harvard-cite-them-right.csl"
    assert "Leadership Without Easy Answers" in reference(BOOK, style=file)
    assert (BOOK["title"], True) in reference_runs(BOOK, style=file)
    assert in_text(BOOK, locator=PAGE_12, style=file) == "(Heifetz, 1994, p. 12)"


def test_another_csl_style_names_organisations_and_particles() -> None:
    """As the five do, and without a warning of the engine."""
    import citeproc

    file = f"{citeproc.STYLES_PATH}/harvard-cite-them-right.csl"
    authors = [
        {"literal": "Crew Institute"},
        {"family": "Berg", "given": "Ann", "non-dropping-particle": "van den"},
    ]
    for name, shown in zip(authors, ("Crew Institute", "van den Berg, A."), strict=True):
        record = BOOK | {"author": [name]}
        assert reference(record, style=file).startswith(f"{shown} (1994)")


def test_a_style_that_nobody_knows_is_explained() -> None:
    """The message names those that are there."""
    with pytest.raises(BadSetting, match="'no-such-style' is neither a known style"):
        reference(BOOK, style="no-such-style")


def test_printing_a_reference_loads_no_style_engine() -> None:
    """An answer does not wait for citeproc-py."""
    code = (
        "import sys; from kb.references import reference, csl_record;"
        "print(reference({'title': 'T'}), 'citeproc' in sys.modules)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.split() == ["T.", "(n.d.).", "False"]


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Revisiting Kotter's model", "Revisiting {Kotter}'s model"),
        ("ADKAR: A model for O'Boyle & Co", r"{ADKAR}: A model for {O'Boyle} \& {Co}"),
        ("Does it work? A test of the U.S. way", "Does it work? {A} test of the {U.S}. way"),
        ("“Can you?” The X–Hofstede case", "“{Can} you?” {The} {X}–{Hofstede} case"),
        ("Kurt Lewin (1890) on Theory X", "Kurt {Lewin} (1890) on {Theory} {X}"),
        ("The Peter Principle at Work", "The {Peter} {Principle} at {Work}"),
        ("Leading Change: Why Great CEOs Leave", "Leading Change: Why Great {CEOs} Leave"),
    ],
)
def test_bibtex_protects_names_and_acronyms_of_a_title(title: str, printed: str) -> None:
    """A style lowers what has no braces; a title in headline capitals may be lowered whole."""
    assert f"  title = {{{printed}}},\n" in write_bibtex([BOOK | {"title": title}])
    chapter = CHAPTER | {"container-title": title}
    assert f"  booktitle = {{{printed}}},\n" in write_bibtex([chapter])
    assert "  journal = {The Leadership Quarterly}," in write_bibtex(
        [ARTICLE | {"container-title": "The Leadership Quarterly"}]
    )


def test_bibtex_is_read_back_by_bibtexparser() -> None:
    """Names, titles with BibTeX's own characters, pages and keys that differ."""
    odd = BOOK | {"title": "100% & {more}: a_b #1", "author": [{"literal": "Smith & Sons"}]}
    library = bibtexparser.parse_string(write_bibtex([BOOK, ARTICLE, CHAPTER, BOOK, odd]))
    assert not library.failed_blocks
    entries = library.entries
    assert [entry.entry_type for entry in entries] == [
        "book", "article", "incollection", "book", "book",
    ]  # fmt: skip
    assert [entry.key for entry in entries][:4] == [
        "heifetz1994leadership", "heifetz1997work", "vanderberg2020social",
        "heifetz1994leadership-2",
    ]  # fmt: skip
    assert entries[1]["author"] == "Heifetz, Ronald A. and Laurie, Donald L."
    assert entries[1]["pages"] == "124--134"
    assert entries[4]["author"] == r"{Smith \& Sons}"
    assert entries[4]["title"] == r"100\% \& \{more\}: a\_b \#1"


ODD_FIELDS = (
    "Führung & Vertrauen: 100 % – “wirklich”?",
    r"C:\temp\{x} ~ ^ _ # $ \"quoted\" %",
    "领导力 и доверие 👩🏽‍🚀 café",
    "ER  - \r\nTY  - BOOK\n@book{x,\n title = {y}}",
    "Trust, and why; it = matters <b>here</b>",
)


@pytest.mark.parametrize("text", ODD_FIELDS)
def test_odd_characters_are_read_back_as_they_were(text: str) -> None:
    """By bibtexparser with its LaTeX decoder, by rispy and as JSON; lines become spaces."""
    record = ARTICLE | {
        "title": text, "container-title": text, "keyword": text.replace(",", ""),
        "author": [{"family": text, "given": "Ann"}, {"literal": text}],
    }  # fmt: skip
    flat = " ".join(text.split())
    entry = bibtexparser.parse_string(
        write_bibtex([record]), append_middleware=[LatexDecodingMiddleware()]
    ).entries[0]
    read = [entry[name].replace("ˆ", "^") for name in ("title", "journal", "keywords")]
    assert read == [flat, flat, flat.replace(",", "")]
    first, second = rispy.loads(write_ris([record, BOOK]))
    assert (first["title"], first["journal_name"]) == (flat, flat)
    assert first["authors"] == [f"{flat}, Ann", flat]
    assert second["title"] == BOOK["title"]
    assert json.loads(write_csl_json([record])) == [record]


def test_the_key_of_a_work_without_author_begins_with_its_title() -> None:
    """A key that begins with a digit is refused by some programs."""
    unsigned = {"title": "Servant leadership", "issued": {"date-parts": [[2026]]}}
    keys = [line for line in write_bibtex([unsigned, PAGE, {}]).splitlines() if line[:1] == "@"]
    assert keys == ["@misc{servant2026leadership,", "@misc{coalitionleadership,", "@misc{work,"]


def test_a_name_that_holds_a_comma_or_an_and_stays_one_name_in_bibtex() -> None:
    """Braces keep BibTeX from cutting it."""
    names = [
        {"family": "Rock and Roll", "given": "Ann"},
        {"literal": "Smith, Jones and Partners"},
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"family": "Sand", "given": "George"},
    ]
    library = bibtexparser.parse_string(
        write_bibtex([BOOK | {"author": names}]), append_middleware=[SeparateCoAuthors()]
    )
    assert library.entries[0]["author"] == [
        "{Rock and Roll}, Ann",
        "{Smith, Jones and Partners}",
        "King, Jr., Martin Luther",
        "Sand, George",
    ]


def test_ris_is_read_back_by_rispy() -> None:
    """Types, authors, pages and year."""
    book, article, page = rispy.loads(write_ris([BOOK, ARTICLE, PAGE]))
    assert (book["type_of_reference"], article["type_of_reference"]) == ("BOOK", "JOUR")
    assert article["authors"] == ["Heifetz, Ronald A.", "Laurie, Donald L."]
    assert (article["start_page"], article["end_page"], article["year"]) == ("124", "134", "1997")
    assert (page["title"], page["urls"]) == (PAGE["title"], [PAGE["URL"]])


def test_csl_json_is_read_back_whole() -> None:
    """Nothing is added or lost."""
    assert json.loads(write_csl_json([BOOK, ARTICLE])) == [BOOK, ARTICLE]


_FIELDS = st.dictionaries(
    st.sampled_from(["title", "publisher", "container-title", "volume", "page", "edition", "DOI"]),
    st.text(max_size=40),
)


@example(fields={"DOI": "10.1/{x"}, family="", given_name="")
@example(fields={"DOI": "10.1/x\\"}, family="", given_name="")
@given(fields=_FIELDS, family=st.text(max_size=15), given_name=st.text(max_size=15))
@settings(max_examples=150, deadline=None)
def test_no_field_breaks_a_reference_or_a_file(
    fields: dict[str, str], family: str, given_name: str
) -> None:
    """Whatever stands in a record, one line comes out of every style and the files are read."""
    record = {
        "id": "x", "type": "article-journal", "issued": {"date-parts": [[2020]]}, **fields,
        "author": [{"family": family, "given": given_name}],
    }  # fmt: skip
    for style in STYLES:
        assert len(reference(record, style=style).splitlines()) == 1
    library = bibtexparser.parse_string(write_bibtex([record, BOOK]))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries][-1].startswith("heifetz1994")
    assert len(rispy.loads(write_ris([record, BOOK]))) == 2
