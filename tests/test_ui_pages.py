"""Each page in each of its states, with the hashing embedder on a tiny library."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from page_support import Page, html, until
from support import SMALL_LIBRARY, write_files

from kb.collection import Collections
from kb.evaluation.outcomes import Outcome, Result, write_result
from kb.library import Library, build_from_corpus, published_generation
from kb.settings import Settings

HOSTILE = "<script>alert(1)</script><img src=http://evil.example/x.png>"


def test_an_empty_library_says_so_and_leads_to_adding(page: Page) -> None:
    """Nothing is in the folder: no error, but what to do."""
    app = page()
    assert "The library is still empty" in html(app)
    assert 'href="library"' in html(app)


def test_a_missing_index_is_built_by_itself(corpus: Path, page: Page) -> None:
    """The first visitor sees the progress and then the page."""
    app = until(page(), "Ask the leadership library")
    assert "3 sources" in html(app)


def test_the_home_page_lists_frameworks_by_family(built: Settings, page: Page) -> None:
    """Each framework stands under its family and leads to its source."""
    app = page()
    assert "Values and ethics" in html(app)
    assert "Orchard leadership" in html(app)
    assert "ask?question=What+is+" in html(app)


def test_a_question_is_answered_in_the_words_of_a_source(built: Settings, page: Page) -> None:
    """Quote, citation with its place, passages with the words marked, related questions."""
    app = page("ask", question="Who coined the term orchard leadership?")
    shown = html(app)
    assert "coined the term in 1987" in shown
    assert "kb-cite" in shown
    assert "<mark>" in shown
    assert "This library can also answer" in shown
    assert app.query_params == {"question": "Who coined the term orchard leadership?"}


def test_a_citation_opens_its_source_at_the_words(built: Settings, page: Page) -> None:
    """The address in a citation marks exactly the quoted words."""
    library = Library.open(built)
    answer = library.ask("Who coined the term orchard leadership?")
    cited = answer.citations[0]
    app = page(
        "source",
        document=cited.document_id,
        start=str(cited.start),
        end=str(cited.end),
        generation=library.generation,
    )
    shown = html(app)
    start = shown.index('id="kb-here"')
    marked = shown[shown.index(">", start) + 1 : shown.index("</mark>", start)]
    assert " ".join(marked.split()) in " ".join(cited.quote.split())
    assert "Passages like this one" in shown


def test_a_question_that_is_not_answered_shows_what_is_near(built: Settings, page: Page) -> None:
    """Nothing is made up; the nearest passages stand below."""
    shown = html(page("ask", question="xylophone zebra quantum chromodynamics"))
    assert "This library does not hold an answer" in shown
    assert 'class="kb-answer kb-not_found"' in shown


def test_a_question_that_is_too_long_is_refused_in_words(built: Settings, page: Page) -> None:
    """The core's sentence is shown, and the page stays."""
    shown = html(page("ask", question="why " * 600))
    assert "This question cannot be asked" in shown
    assert "Shorten it" in shown


def test_filters_of_an_address_are_applied(built: Settings, page: Page) -> None:
    """Only sources of the framework named answer."""
    app = page("ask", question="What does trust need?", framework="orchard-leadership")
    assert app.multiselect(key="kb_frameworks").value == ["orchard-leadership"]
    shown = html(app)
    assert "Orchard leadership" in shown
    assert 'href="source' in shown
    assert "Lighthouse leadership</a>" not in shown


def test_years_that_run_backwards_are_said_to_leave_nothing(built: Settings, page: Page) -> None:
    """Which of the two is to change stands beside them."""
    app = page("ask", question="What is trust?", **{"from": "2010", "to": "1990"})
    assert "No year is from 2010 to 1990" in app.warning[0].value
    assert "does not hold an answer" in html(app)


def test_an_unknown_framework_in_an_address_is_named(built: Settings, page: Page) -> None:
    """The page goes on without it, and the name is shown as plain text."""
    app = page("ask", question="What is trust?", framework="![x](http://evil.example)")
    assert "This library has no framework" in app.warning[0].value
    assert "](" not in app.warning[0].value


def test_an_unknown_generation_in_an_address_falls_back(built: Settings, page: Page) -> None:
    """An index that is gone is said to be gone; the present one is shown."""
    app = page("ask", question="What is orchard leadership?", generation="0" * 16)
    assert "no longer kept" in app.warning[0].value
    assert "Orchard leadership is the patient care" in html(app)


def test_a_link_to_an_earlier_generation_shows_it_as_long_as_it_is_kept(
    built: Settings, page: Page
) -> None:
    """The state that the link was made with is shown and named."""
    before = str(published_generation(built))
    (built.corpus / "orchard-leadership.md").unlink()
    build_from_corpus(built)
    app = page("ask", question="What is orchard leadership?", generation=before)
    assert "an earlier state" in app.info[0].value
    assert "Orchard leadership is the patient care" in html(app)


def test_a_session_goes_on_when_the_library_is_rebuilt(built: Settings, page: Page) -> None:
    """The next question is answered from the new generation, and the page says so."""
    app = page("ask", question="What is orchard leadership?")
    before = published_generation(built)
    more = SMALL_LIBRARY[next(iter(SMALL_LIBRARY))].replace("Orchard", "Meadow")
    write_files(built.corpus, {"meadow.md": more.replace("orchard", "meadow")})
    build_from_corpus(built)
    assert published_generation(built) != before
    app.run()
    assert "rebuilt while this page was open" in app.info[0].value
    app.text_input(key="kb_question").set_value("What is meadow leadership?").run()
    assert "Meadow leadership is the patient care" in html(app)


def test_a_damaged_index_is_named_and_can_be_rebuilt(built: Settings, page: Page) -> None:
    """A file that does not have its checksum stops answers, never the product."""
    generation = built.index / "generations" / str(published_generation(built))
    damaged = next(file for file in generation.rglob("*") if file.suffix == ".faiss")
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 255
    damaged.write_bytes(bytes(content))
    app = page("ask")
    assert "The index is damaged" in html(app)
    app.button(key="kb_rebuild_broken").click().run()
    until(app, "Ask in your own words")


def test_wrong_settings_are_explained(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence of the settings is shown instead of a trace."""
    monkeypatch.setenv("KB_CORPSE", "x")
    assert "Unknown setting KB_CORPSE" in html(page())


def test_a_source_that_is_gone_is_explained(built: Settings, page: Page) -> None:
    """An old address leads to a sentence and to the library."""
    assert "not in the library any more" in html(page("source", document="0" * 12))
    assert "No source is named" in html(page("source"))


def test_words_that_a_source_does_not_have_are_not_marked(built: Settings, page: Page) -> None:
    """Offsets beyond the text are refused, and the whole text is shown."""
    document = Library.open(built).sources()[0].document_id
    app = page("source", document=document, start="5", end="99999999")
    assert "does not have" in app.warning[0].value
    assert "kb-here" not in html(app)


def test_saving_and_judging_are_stored(built: Settings, page: Page) -> None:
    """A saved answer is in the collection; a verdict is a judgement with its quote."""
    app = page("ask", question="Who coined the term orchard leadership?")
    app.button(key="kb_save_answer").click().run()
    assert "Saved" in app.toast[0].value
    app.button(key="kb_judge_True_answer").click().run()
    kept = Collections(built.collections)
    assert "coined the term" in kept.passages("My collection")[0].entry.quote
    judged = kept.judgements()[0]
    assert (judged.about, judged.answers, judged.kind) == ("answer", True, "who")
    assert "coined the term" in judged.quote


def test_what_is_saved_goes_where_the_button_says(built: Settings, page: Page) -> None:
    """The collection used last, in new sessions too; beside the button another can be chosen."""
    question = "Who coined the term orchard leadership?"
    kept = Collections(built.collections)
    for name in ("For *day* one", "Second day", "My collection"):
        kept.create(name)
    app = page("ask", question=question)
    assert app.button(key="kb_save_answer").label == "Save to “My collection”"
    app.selectbox(key="kb_target_answer_My collection").set_value("For *day* one").run()
    assert app.button(key="kb_save_answer").label == r"Save to “For \*day\* one”"
    app.button(key="kb_save_answer").click().run()
    assert app.toast[0].value == r"Saved to “For \*day\* one”."
    assert "coined the term" in kept.passages("For *day* one")[0].quote
    assert kept.passages("My collection") == []
    again = page("ask", question=question)
    again.button(key="kb_save_answer").click().run()
    assert again.toast[0].value == r"Already in “For \*day\* one”."
    other = page("collection", name="For *day* one")
    other.selectbox(key="kb_collection_box_For *day* one").set_value("Second day").run()
    last = page("ask", question=question)
    assert last.button(key="kb_save_answer").label == "Save to “Second day”"


def test_an_answer_that_is_partly_saved_says_so(built: Settings, page: Page) -> None:
    """How much of it is new."""
    app = page("ask", question="Who coined the term orchard leadership?")
    app.button(key="kb_save_answer").click().run()
    kept = Collections(built.collections)
    first, *others = kept.passages("My collection")
    assert others
    kept.remove(first.saved_id)
    app.button(key="kb_save_answer").click().run()
    told = f"1 of {1 + len(others)}, the others were there already."
    assert app.toast[0].value == f"Saved to “My collection”: {told}"


def test_a_collection_is_shown_with_note_order_and_references(built: Settings, page: Page) -> None:
    """Two saved passages change places; a note is kept."""
    app = page("ask", question="What is orchard leadership?")
    saving = [each for each in app.button if str(each.key).startswith("kb_save_")]
    for button in saving[1:3]:
        button.click().run()
    kept = Collections(built.collections)
    first, second = kept.passages("My collection")
    app = page("collection")
    assert "References" in html(app)
    app.button(key=f"kb_saved_{first.saved_id}_Down").click().run()
    assert [each.saved_id for each in kept.passages("My collection")] == [
        second.saved_id,
        first.saved_id,
    ]
    app.text_area(key=f"kb_saved_{first.saved_id}_note").set_value("For the workshop").run()
    noted = {each.saved_id: each.entry.note for each in kept.passages("My collection")}
    assert noted[first.saved_id] == "For the workshop"
    app.button(key="kb_recheck").click().run()
    assert "2 quotes unchanged" in app.info[0].value


def test_a_list_that_was_saved_stands_in_the_collection_as_one(built: Settings, page: Page) -> None:
    """Its items below each other, with one row of actions and one note."""
    app = page("ask", question="What are the four signs of a tired crew?")
    app.button(key="kb_save_answer").click().run()
    (saved,) = Collections(built.collections).passages("My collection")
    assert len(saved.entries) >= 4
    app = page("collection")
    shown = html(app)
    assert "<li>Nobody jokes at breakfast.</li>" in shown
    assert "1 passage from 1 source." in shown
    assert len([each for each in app.button if str(each.key).endswith("_Up")]) == 1
    app.button(key="kb_recheck").click().run()
    assert app.info[0].value == "1 quote unchanged."


def test_a_name_that_is_taken_leaves_the_page_at_its_collection(
    built: Settings, page: Page
) -> None:
    """The reason is told, and neither collection changes."""
    kept = Collections(built.collections)
    kept.create("One")
    kept.create("Two")
    app = page("collection", name="One")
    app.text_input(key="kb_rename_One").set_value(" Two ").run()
    app.button(key="kb_rename_do").click().run()
    assert "There is a collection 'Two' already" in app.toast[0].value
    assert app.session_state["kb_collection"] == "One"
    app.text_input(key="kb_rename_One").set_value("Day  one").run()
    app.button(key="kb_rename_do").click().run()
    assert app.session_state["kb_collection"] == "Day one"
    assert [each.name for each in kept.names()] == ["Day one", "Two"]


def test_a_collection_is_deleted_once_that_is_confirmed(built: Settings, page: Page) -> None:
    """Another one is not deleted by the same button."""
    kept = Collections(built.collections)
    kept.create("One")
    kept.create("Two")
    app = page("collection", name="One")
    assert app.button(key="kb_delete_One").disabled
    app.checkbox(key="kb_sure_One").check().run()
    app.button(key="kb_delete_One").click().run()
    assert [each.name for each in kept.names()] == ["Two"]
    assert app.button(key="kb_delete_Two").disabled


def test_a_damaged_template_is_explained_where_the_download_would_be(
    built: Settings, page: Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The other formats can be taken out."""
    own = tmp_path / "own.docx"
    own.write_text("no Word file")
    monkeypatch.setenv("KB_TEMPLATE_DOCX", str(own))
    app = page("ask", question="Who coined the term orchard leadership?")
    assert "own.docx&#x27;, which is damaged or no Word file" in html(app)
    offered = [each.label for each in app.get("download_button")]
    assert "Word" not in offered
    assert "PowerPoint" in offered


def test_an_empty_library_is_named_by_a_heading_of_the_page(settings: Settings, page: Page) -> None:
    """Whoever hears the page knows where he is, and no run is offered that cannot be made."""
    for name in ("home", "ask", "compare", "source"):
        assert "<h1>The library is still empty</h1>" in html(page(name))
    assert "a built library; there is none yet" in html(page("quality"))


def test_a_quote_that_was_never_here_is_no_lost_one(built: Settings, page: Page) -> None:
    """As `kb verify` says: a source that this library does not hold, against words that went."""
    page("ask", question="Who coined the term orchard leadership?").button(
        key="kb_save_answer"
    ).click().run()
    kept = Collections(built.collections)
    saved, *further = kept.passages("My collection")
    for other in further:
        kept.remove(other.saved_id)
    elsewhere = replace(saved.entry, document_id="0123456789ab", path="far.md", quote="Far away.")
    kept.save("My collection", elsewhere, generation="of-another-library")
    kept.save("My collection", replace(saved.entry, quote="Quite other words were here."))
    app = page("collection").button(key="kb_recheck").click().run()
    told = "1 quote unchanged, 1 changed, 1 from sources that this library does not hold."
    assert app.info[0].value == told
    assert "From a source that this library does not hold (far.md)." in html(app)
    assert "No source of this library holds these words any more." in html(app)


def test_an_empty_collection_says_how_to_fill_it(built: Settings, page: Page) -> None:
    """No error, and an unknown name in the address is named."""
    app = page("collection", name="none such")
    assert "Nothing is saved" in html(app)
    assert "none such" in app.warning[0].value


def test_frameworks_are_compared_cell_by_cell(built: Settings, page: Page) -> None:
    """Frameworks are columns, dimensions rows; a cell has a word and a quote of its own source."""
    slugs = [f.slug for f in Library.open(built).frameworks()][:2]
    app = page("compare", framework=slugs, dimension=["trust and relationships"])
    shown = html(app)
    assert shown.count('<th scope="row">') == 1
    assert "Trust and relationships" in shown
    assert "covered" in shown
    assert 'aria-label="Comparison"' in shown


def test_a_cell_opens_its_passages_with_their_neighbours(built: Settings, page: Page) -> None:
    """The address of a cell opens it."""
    slugs = [f.slug for f in Library.open(built).frameworks()][:2]
    app = page(
        "compare",
        framework=["orchard-leadership", *[s for s in slugs if s != "orchard-leadership"][:1]],
        row="trust and relationships",
        of="orchard-leadership",
    )
    shown = html(app)
    assert "kb-neighbours" in shown
    assert "Trust grows like bark" in shown


def test_a_question_of_ones_own_becomes_a_row(built: Settings, page: Page) -> None:
    """Free text is asked of every framework."""
    slugs = [f.slug for f in Library.open(built).frameworks()][:2]
    app = page("compare", framework=slugs, dimension=["decisions"], on=["How is trust built?"])
    assert "How is trust built?" in html(app)
    assert html(app).count('<th scope="row">') == 2


def test_switches_hide_rows_without_evidence(built: Settings, page: Page) -> None:
    """What no framework speaks of is left out on demand."""
    slugs = [f.slug for f in Library.open(built).frameworks()][:2]
    everything = html(page("compare", framework=slugs)).count('<th scope="row">')
    app = page("compare", framework=slugs, evidence="yes", differences="yes")
    assert everything == 10
    assert html(app).count('<th scope="row">') < 10


def test_principles_are_aligned_and_called_close_in_meaning(built: Settings, page: Page) -> None:
    """Never agreement; each one's own principles are listed."""
    slugs = [f.slug for f in Library.open(built).frameworks()][:2]
    shown = html(page("compare", framework=slugs, view="principles"))
    assert "Close in meaning is not agreement" in shown
    assert "Only in " in shown


def test_an_unknown_framework_is_named_on_the_compare_page(built: Settings, page: Page) -> None:
    """The known one stays chosen, and the page invites to choose another."""
    app = page("compare", framework=["orchard-leadership", "nonsense"])
    assert "nonsense" in app.warning[0].value
    assert "Choose two frameworks or more" in html(app)


def test_an_upload_is_understood_before_it_is_saved_and_then_built(
    built: Settings, page: Page
) -> None:
    """Headings and paragraphs are counted; saving adds the file and rebuilds."""
    app = page("library")
    text = b"# Ferry leadership\n\nFerry leadership is patience between two banks.\n"
    app.file_uploader[0].upload("ferry.md", text, "text/markdown").run()
    assert "1 heading, 1 paragraph" in html(app)
    assert not (built.corpus / "ferry.md").exists()
    next(each for each in app.button if each.label == "Add and rebuild").click().run()
    assert (built.corpus / "ferry.md").read_bytes() == text
    for _ in range(50):
        shown = html(page("ask", question="What is ferry leadership?"))
        if "Ferry leadership is patience" in shown:
            return
    raise AssertionError("the new file never answered")


def test_a_damaged_upload_is_refused_in_words(built: Settings, page: Page) -> None:
    """A binary file with a text suffix is not saved."""
    app = page("library")
    app.file_uploader[0].upload("broken.txt", bytes(range(256)) * 20, "text/plain").run()
    assert "broken.txt cannot be added" in html(app)
    assert not [each for each in app.button if each.label == "Add and rebuild"]


def test_the_quality_page_shows_runs_and_their_difference(
    built: Settings, page: Page, tmp_path: Path
) -> None:
    """Measures of the latest run, and two runs over the same questions compared."""
    for name, value in (("before", 0.4), ("now", 0.6)):
        outcomes = tuple(_outcome(number, value) for number in range(4))
        summary = {
            "dataset": "tiny",
            "queries": 4,
            "measures": {"nDCG@10": value},
            "seconds": 1.0,
            "manifest": {"corpus_digest": "x"},
        }
        write_result(Result(summary, outcomes), tmp_path / "eval" / "runs" / name)
    app = page("quality", run="now", before="before")
    row = '<tr><th scope="row">nDCG@10</th><td class="kb-number">0.6000</td><td>relevant documents'
    assert row in html(app)
    changes = app.dataframe[0].value["Change"].tolist()
    assert changes == [pytest.approx(0.2)]


def test_the_quality_page_without_runs_says_how_to_make_one(built: Settings, page: Page) -> None:
    """Both empty states are sentences."""
    shown = html(page("quality"))
    assert "No run yet" in shown
    assert "No judgement yet" in shown


def test_a_hostile_document_is_shown_as_text_on_every_page(
    corpus: Path, settings: Settings, page: Page
) -> None:
    """Tags of a document never reach the page unescaped."""
    title = json.dumps(f"Evil {HOSTILE}")
    text = f"---\nframework: evil\ntitle: {title}\nfamily: {json.dumps(HOSTILE)}\n---\n\n"
    text += "# Evil leadership\n\nEvil leadership is &lt;b&gt; trust by `<script>` and ![i](x).\n"
    write_files(corpus, {"evil.md": text})
    build_from_corpus(settings)
    document = next(s for s in Library.open(settings).sources() if s.path == "evil.md")
    for app in (
        page(),
        page("ask", question="What is evil leadership?"),
        page("source", document=document.document_id),
        page("compare", framework=["evil", "orchard-leadership"]),
        page("library"),
    ):
        assert "<script" not in html(app)
        assert "<img" not in html(app)
        assert not [each for each in app.markdown if "evil.example" in each.value]


def test_a_collections_file_that_is_none_is_explained(built: Settings, page: Page) -> None:
    """The other pages go on."""
    built.collections.parent.mkdir(parents=True, exist_ok=True)
    built.collections.write_bytes(b"this is no database at all, but long enough" * 40)
    assert "cannot be used" in html(page("collection"))
    shutil.copy(built.collections, built.collections.with_suffix(".bak"))
    app = page("ask", question="What is orchard leadership?")
    app.button(key="kb_save_answer").click().run()
    assert "Not saved" in app.toast[0].value


def _outcome(number: int, value: float) -> Outcome:
    return Outcome(
        question_id=f"q{number}",
        question=f"Question {number}?",
        kind="who",
        split="test",
        frameworks=(),
        answerable=True,
        relevant={"a": 1},
        measures={"nDCG@10": value},
    )
