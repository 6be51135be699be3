"""The Library and Quality pages: uploads that go wrong, work that goes on, two people at once."""

from __future__ import annotations

import io
import runpy
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_support import Page, html, page_opener, until
from streamlit.testing.v1 import AppTest
from support import REPOSITORY

from kb.building import Progress
from kb.index import writer_lock
from kb.library import Library, build_from_corpus, published_generation
from kb.settings import Settings
from kb.ui.server import flags
from kb.ui.workshop import workshop

ENOUGH_SECONDS = 30


@pytest.fixture
def page(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Page]:
    """Opens a page at an address, on the folders of `settings`."""
    workshop.clear()
    yield page_opener(settings, monkeypatch, tmp_path)
    workshop.clear()


@pytest.fixture
def built(corpus: Path, settings: Settings) -> Settings:
    """The small library, built."""
    build_from_corpus(settings)
    return settings


def uploaded(app: AppTest, name: str, content: bytes) -> AppTest:
    """The page after a file was chosen, without the limits that a browser keeps."""
    return app.file_uploader[0].upload(name, content, "application/octet-stream").run()


def can_be_added(app: AppTest) -> bool:
    """Whether the page offers to add what was chosen."""
    return "Add and rebuild" in [each.label for each in app.button]


def packed(files: dict[str, bytes]) -> bytes:
    """A zip archive with the files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return content.getvalue()


def test_one_setting_bounds_what_is_uploaded_and_what_is_read(
    page: Page, built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped server takes what the setting's default reads; a smaller setting holds."""
    stated = tomllib.loads((REPOSITORY / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert stated["server"]["maxUploadSize"] == built.file_mb
    larger = built.model_copy(update={"file_mb": 300})
    assert "--server.maxUploadSize=300" in flags(larger, port=8501, open_browser=False)
    monkeypatch.setenv("KB_FILE_MB", "3")
    assert page("library").file_uploader[0].proto.max_upload_size_mb == 3


def test_a_source_is_listed_with_the_title_of_its_framework(page: Page, built: Settings) -> None:
    """As every other page names it, and nothing where a source is about none."""
    library = Library.open(built)
    titles = {framework.slug: framework.title for framework in library.frameworks()}
    expected = [titles.get(source.metadata.framework or "", "") for source in library.sources()]
    assert any(expected)
    assert page("library").dataframe[0].value["Framework"].tolist() == expected


def test_an_upload_that_is_too_large_says_by_how_much(
    page: Page, built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where no browser has refused it before."""
    monkeypatch.setenv("KB_FILE_MB", "1")
    app = until(uploaded(page("library"), "large.txt", b"word " * 600_000), "large.txt has 3 MB")
    assert "the limit is 1 MB" in html(app)
    assert not can_be_added(app)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("broken.pdf", b"%PDF-1.5 and no more", "broken.pdf"),
        ("broken.docx", b"PK\x03\x04 not really", "damaged"),
        ("broken.zip", b"PK\x03\x04 not really", "broken.zip is damaged or cut off"),
        ("empty.zip", packed({}), "holds no file that can be added"),
    ],
)
def test_a_damaged_upload_says_what_is_wrong_with_it(
    page: Page, built: Settings, name: str, content: bytes, reason: str
) -> None:
    """A sentence in place of the button that adds it."""
    app = until(uploaded(page("library"), name, content), f"{name} cannot be added")
    assert reason in html(app)
    assert not can_be_added(app)


def test_an_archive_is_shown_file_by_file(page: Page, built: Settings) -> None:
    """What can be added is added; what cannot is named before."""
    archive = packed({"raft.md": b"# Raft\n\nA raft drifts.", "notes.xyz": b"?"})
    app = until(uploaded(page("library"), "both.zip", archive), "notes.xyz cannot be added")
    assert "1 heading, 1 paragraph; 1 passage" in html(app)
    assert can_be_added(app)


def test_the_reading_of_an_upload_can_be_cancelled(page: Page, built: Settings) -> None:
    """The page shows that it goes on, and after Cancel that it was not read."""
    content = b"<p>Many words stand here.</p>" * 400_000
    app = uploaded(page("library"), "long.html", content)
    button = next(each for each in app.button if str(each.key).startswith("kb_cancel_"))
    button.click().run()
    until(app, "You cancelled its reading")
    assert not can_be_added(app)


def test_the_second_of_two_people_watches_the_build_of_the_first(
    page: Page, built: Settings
) -> None:
    """Both pages show the same build since when; either can go on with the library as it is."""
    with writer_lock(built.index):  # keeps the build going
        first, second = page("library"), page("library")
        first.button(key="kb_rebuild").click().run()
        second.button(key="kb_rebuild").click().run()
        build = workshop().build(built)
        assert build is not None
        for app in (first, second):
            assert f"Started at {build.began:%H:%M} UTC" in html(app)
            assert "3 sources" in html(app)
        until_stage(lambda: build.stage.startswith("Waiting"))
        asked = page("ask", question="What is orchard leadership?")
        assert "Another process is building" in asked.info[0].value
        assert "Orchard leadership is the patient care" in html(asked)
        second.button(key="kb_cancel_build").click().run()
        build.wait(ENOUGH_SECONDS)
    assert "Building was cancelled" in first.run().info[0].value


def until_stage(reached: object) -> None:
    """Waits until a condition holds."""
    for _ in range(ENOUGH_SECONDS * 100):
        if callable(reached) and reached():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came")


def test_questions_are_run_from_the_page_and_can_be_cancelled(
    page: Page, built: Settings, tmp_path: Path
) -> None:
    """A run shows its progress; a cancelled one leaves nothing, a finished one is chosen."""
    (tmp_path / "eval").mkdir(exist_ok=True)
    quote = "Ada Quince\\ncoined the term"
    (tmp_path / "eval" / "small.jsonl").write_text(
        '{"id": "q1", "question": "Who coined the term?", "kind": "who", "split": "development",'
        ' "gold": [{"document": "orchard-leadership.md", "quote": "' + quote + '"}]}\n'
    )
    go_on = threading.Event()

    def action(progress: Progress) -> str:
        while not go_on.is_set():
            progress("Asking", 1, 4)
        return "never"

    workshop().start_run(action)
    app = page("quality")
    assert "1 of 4" in app.get("progress")[0].proto.text
    app.button(key="kb_cancel_run").click().run()
    app.run()
    assert "The run was cancelled" in app.info[0].value
    app.button(key="kb_start_run").click().run()
    run = workshop().run
    assert run is not None
    run.wait(ENOUGH_SECONDS)
    assert run.error == ""
    app.run()
    assert app.selectbox(key="kb_run").value == run.made
    assert "1 question" in html(app)
    go_on.set()


def test_a_run_that_fails_is_explained(page: Page, built: Settings, tmp_path: Path) -> None:
    """A gold quote that stands nowhere is the evaluator's to mend."""
    (tmp_path / "eval").mkdir(exist_ok=True)
    (tmp_path / "eval" / "wrong.jsonl").write_text(
        '{"id": "q1", "question": "Who?", "kind": "who", "split": "development",'
        ' "gold": [{"document": "orchard-leadership.md", "quote": "Not there"}]}\n'
    )
    app = page("quality")
    app.button(key="kb_start_run").click().run()
    until(app, "The run has failed")


def test_an_unknown_passage_in_an_address_shows_the_text(page: Page, built: Settings) -> None:
    """Words that lie outside of the text are named; the text is there all the same."""
    document = Library.open(built).sources()[0].document_id
    app = page("source", document=document, start="7", end="3")
    assert "names words that this source does not have" in app.warning[0].value
    assert "Keep the lamp lit" in html(app)


def test_an_unknown_run_in_an_address_is_named(page: Page, built: Settings) -> None:
    """The page goes on without it."""
    app = page("quality", run="none-such")
    assert "This library has no run" in app.warning[0].value
    assert "No run yet" in html(app)


def test_files_that_were_never_built_can_be_built_from_the_library_page(
    corpus: Path, page: Page
) -> None:
    """The page says that they wait; one button builds them."""
    app = page("library")
    assert "Not built yet" in html(app)
    app.button(key="kb_build_again").click().run()
    until(app, "3 sources")


def test_a_cancelled_first_build_can_be_taken_up_again(
    corpus: Path, settings: Settings, page: Page
) -> None:
    """Nothing is claimed of a library that is not there."""
    with writer_lock(settings.index):  # keeps the build going
        app = page("library")
        app.button(key="kb_build_again").click().run()
        app.button(key="kb_cancel_build").click().run()
        build = workshop().build(settings)
        assert build is not None
        build.wait(ENOUGH_SECONDS)
        until(app, "Building was cancelled")
    assert not app.info
    app.button(key="kb_build_again").click().run()
    until(app, "3 sources")


def test_a_damaged_index_is_rebuilt_with_one_button(built: Settings, page: Page) -> None:
    """The page does not offer the same thing twice."""
    generation = built.index / "generations" / str(published_generation(built))
    (generation / "passages.faiss").write_bytes(b"nothing")
    app = page("library")
    assert "The index is damaged" in html(app)
    assert [each.label for each in app.button if "uild" in each.label] == ["Rebuild the library"]


def test_a_process_spawned_by_the_server_does_not_draw_the_page() -> None:
    """It imports the server's script under another name, without a visitor to draw for."""
    runpy.run_path(str(REPOSITORY / "app.py"), run_name="__mp_main__")


def test_a_first_start_asks_for_no_address(settings: Settings) -> None:
    """Streamlit's prompt for an e-mail address would hold back the page on a new machine."""
    assert "--server.showEmailPrompt=false" in flags(settings, port=8501, open_browser=True)


def test_nothing_is_advertised_to_a_leader(settings: Settings) -> None:
    """Streamlit's welcome brings offers for programmers, in the terminal and on the page."""
    assert "--logger.hideWelcomeMessage=true" in flags(settings, port=8501, open_browser=True)
    stated = tomllib.loads((REPOSITORY / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert stated["logger"]["hideWelcomeMessage"] is True
