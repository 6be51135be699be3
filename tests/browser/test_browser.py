"""The web page in headless Chromium: the ways that people take through it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from support import REPOSITORY, SMALL_LIBRARY, hashing_settings, write_files

from kb.library import build_from_corpus
from kb.settings import Settings
from kb.ui.server import environment

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
AXE = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
WAIT_MS = 30_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]

HOSTILE = """\
---
framework: hostile-leadership
title: "Hostile <img src=http://evil.example/title.png> leadership"
family: "<script>document.title='owned'</script>"
---

# Hostile leadership

Hostile leadership is &lt;img src=http://evil.example/a.png onerror=alert(1)&gt; and
&lt;script&gt;document.title='owned'&lt;/script&gt; and \\!\\[x\\](http://evil.example/b.png) and
\\[press here\\](javascript:alert(1)) and turned \u202etxet\u202c and zero\u200bwidth.

## Principles

### Prune &lt;img src=http://evil.example/p.png onerror=alert(1)&gt; \u202egently

Prune gently, said &lt;script&gt;document.title='owned'&lt;/script&gt;, and turned \u202etxet\u202c.
"""

COMPARED = "/compare?framework=orchard-leadership&framework=lighthouse-leadership"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small library and a hostile text, built."""
    found = hashing_settings(tmp_path_factory.mktemp("browser"))
    write_files(found.corpus, {**SMALL_LIBRARY, "hostile.md": HOSTILE})
    build_from_corpus(found)
    return found


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[str]:
    """The address of a running page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    running = subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env=kept | environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await_health(address)
        yield address
    finally:
        running.terminate()
        running.wait(20)


def _await_health(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests."""
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, server: str) -> Iterator[Any]:
    """A new session; any request beyond loopback fails the test."""
    context = browser.new_context(
        base_url=server,
        viewport={"width": 1280, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    )
    opened = context.new_page()
    opened.set_default_timeout(WAIT_MS)
    beyond: list[str] = []
    inside = (server, "data:", "blob:", server.replace("http", "ws"))
    opened.on(
        "request",
        lambda request: None if request.url.startswith(inside) else beyond.append(request.url),
    )
    yield opened
    context.close()
    assert beyond == []


def test_ask_then_citation_then_highlighted_source(page: Any) -> None:
    """A question typed at home leads to quotes; a citation opens the source at the words."""
    page.goto("/")
    page.get_by_label("Your question").fill("Who coined the term orchard leadership?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_selector(".kb-answer")
    quote = page.locator(".kb-answer q").first.inner_text()
    assert "coined the term in 1987" in " ".join(quote.split())
    assert "question=Who+coined" in page.url
    page.locator(".kb-answer .kb-cite").first.click()
    words = page.locator("#kb-here")
    words.wait_for()
    page.wait_for_timeout(500)
    assert " ".join(words.inner_text().split()) == " ".join(quote.split())
    assert words.evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top > 0 && b.bottom < innerHeight }"
    )
    assert words.evaluate("e => e === document.activeElement")


def test_back_from_a_source_shows_the_same_answer(page: Any) -> None:
    """As does back from a question to the one before, and forward; home is one step before."""
    page.goto("/")
    page.get_by_label("Your question").fill("Who coined the term orchard leadership?")
    page.get_by_role("button", name="Ask", exact=True).click()
    quotes = page.locator(".kb-answer q")
    quotes.first.wait_for()
    asked, answer = page.url, quotes.all_inner_texts()
    for link in (page.locator(".kb-answer .kb-cite"), page.locator(".kb-passage a")):
        link.first.click()
        page.locator("#kb-here").wait_for()
        source = page.url
        page.go_back()
        quotes.first.wait_for()
        assert (page.url, quotes.all_inner_texts()) == (asked, answer)
        page.go_forward()
        page.locator("#kb-here").wait_for()
        assert page.url == source
        page.go_back()
        quotes.first.wait_for()
    box = page.get_by_label("Your question")
    assert box.input_value() == "Who coined the term orchard leadership?"
    box.fill("How is trust built?")
    page.keyboard.press("Enter")
    page.get_by_text("Trust grows like bark").first.wait_for()
    page.go_back()
    page.wait_for_url(asked)
    page.get_by_text("coined the term in 1987").first.wait_for()
    page.go_forward()
    page.get_by_text("Trust grows like bark").first.wait_for()
    page.go_back()
    page.wait_for_url(asked)
    page.go_back()
    page.locator(".kb-hero").wait_for()
    assert "?" not in page.url


def test_back_from_a_source_shows_the_same_comparison(page: Any) -> None:
    """Also from the passages behind a cell, which are no step of their own."""
    page.goto("/compare")
    page.wait_for_selector(".stHtml h1")
    page.locator(".stHtml a", has_text="Lighthouse").first.click()
    table = page.locator(".kb-matrix")
    table.wait_for()
    compared, shown = page.url, table.inner_text()
    page.locator(".kb-matrix td a", has_text="Trust comes from a rhythm").click()
    page.get_by_role("dialog").locator(".kb-neighbours a").first.click()
    page.locator("#kb-here").wait_for()
    page.go_back()
    table.wait_for()
    assert (page.url, table.inner_text()) == (compared, shown)
    assert page.get_by_role("dialog").count() == 0
    page.go_forward()
    page.locator("#kb-here").wait_for()
    page.go_back()
    table.wait_for()
    page.go_back()
    page.get_by_text("Choose two frameworks or more").wait_for()


def test_a_copied_link_opens_the_same_answer_in_a_new_session(page: Any, browser: Any) -> None:
    """The whole state is in the address."""
    page.goto("/ask?question=What+is+orchard+leadership%3F&framework=orchard-leadership")
    page.wait_for_selector(".kb-answer")
    page.get_by_role("button", name="Copy link").first.click()
    page.get_by_text("Copied").first.wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "generation=" in link
    other = browser.new_context().new_page()
    other.goto(link)
    other.wait_for_selector(".kb-answer")
    assert (
        other.locator(".kb-answer q").all_inner_texts()
        == page.locator(".kb-answer q").all_inner_texts()
    )
    other.context.close()


def test_compare_frameworks_then_open_a_cell_then_export(page: Any, tmp_path: Path) -> None:
    """Three frameworks side by side; a cell opens its passage; the table goes out as shown."""
    page.goto(
        "/compare?framework=orchard-leadership&framework=lighthouse-leadership"
        "&framework=hostile-leadership&dimension=trust+and+relationships"
    )
    page.wait_for_selector(".kb-matrix")
    assert page.locator(".kb-matrix thead th").count() == 4
    page.locator(".kb-matrix td a").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".kb-neighbours mark").first.wait_for()
    assert "Trust grows like bark" in dialog.inner_text()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    for name, beginning in (("CSV", b"\xef\xbb\xbf"), ("Word", b"PK"), ("PowerPoint", b"PK")):
        page.get_by_role("button", name="Download").click()
        with page.expect_download() as started:
            page.get_by_role("button", name=name, exact=True).click()
        file = tmp_path / started.value.suggested_filename
        started.value.save_as(file)
        assert file.read_bytes().startswith(beginning)
        page.keyboard.press("Escape")
    table = next(tmp_path.glob("*.csv")).read_text("utf-8-sig")
    assert "Trust grows like bark" in table
    assert "power and authority" not in table


def test_upload_then_ask(page: Any) -> None:
    """A new file is understood, added, built and asked without leaving the page."""
    page.goto("/library")
    page.wait_for_selector("h1")
    page.locator("input[type=file]").set_input_files(
        {
            "name": "bridge.md",
            "mimeType": "text/markdown",
            "buffer": b"# Bridge leadership\n\nBridge leadership is the upkeep of two shores.\n",
        }
    )
    page.get_by_text("1 heading, 1 paragraph").wait_for()
    page.get_by_role("button", name="Add and rebuild").click()
    page.get_by_text("bridge.md added").wait_for()
    page.get_by_text("5 sources, ").first.wait_for()
    page.get_by_role("link", name="Ask", exact=True).click()
    page.get_by_label("Your question").fill("What is bridge leadership?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kb-answer")
    assert "upkeep of two shores" in page.locator(".kb-answer").inner_text()


def test_a_page_keeps_its_width_when_it_is_drawn_again(page: Any, server: str) -> None:
    """Of two layouts in one run the browser would show the first and then the other."""
    page.goto(f"{server}/library")
    table = page.get_by_test_id("stDataFrame")
    table.wait_for()
    before = table.bounding_box()["width"]
    page.get_by_role("button", name="Rebuild the library").click()
    page.get_by_text("of them new").wait_for()
    assert table.bounding_box()["width"] == before


def test_an_upload_that_is_too_large_or_of_a_wrong_kind_is_refused(
    page: Any, server: str, tmp_path: Path
) -> None:
    """Each with a sentence, before anything is sent."""
    large, wrong = tmp_path / "large.txt", tmp_path / "program.exe"
    with large.open("wb") as opened:
        opened.truncate(101 * 1024 * 1024)
    wrong.write_bytes(b"MZ")
    for file, sentence in ((large, "100.0MB or smaller"), (wrong, "files are not allowed")):
        page.goto(f"{server}/library")
        page.get_by_test_id("stFileUploaderDropzone").wait_for()
        page.set_input_files("input[type=file]", str(file))
        page.get_by_text(sentence).wait_for()
        assert page.get_by_role("button", name="Add and rebuild").count() == 0


def test_a_question_that_is_followed_is_read_from_the_top(page: Any) -> None:
    """It stands below the answer, where the page has been scrolled to."""
    page.set_viewport_size({"width": 390, "height": 400})
    page.goto("/ask?question=What+is+orchard+leadership%3F")
    link = page.locator("ul.kb-plain a").first
    link.scroll_into_view_if_needed()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollTop") > 0
    offered = link.inner_text()
    link.click()
    page.wait_for_url(lambda there: urlencode({"question": offered}) in there)
    assert main.evaluate("main => main.scrollTop") == 0


def test_save_then_collection_then_export(page: Any, tmp_path: Path) -> None:
    """What was saved stands in the collection and goes out with its reference."""
    page.goto("/ask?question=Who+coined+the+term+orchard+leadership%3F")
    page.locator(".st-key-kb_save_answer button").click()
    page.get_by_text("Saved to “").wait_for()
    page.get_by_role("link", name="Collection", exact=True).click()
    page.locator(".kb-passage").first.wait_for()
    assert "coined the term in 1987" in " ".join(
        page.locator(".kb-passage").first.inner_text().split()
    )
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Markdown", exact=True).click()
    file = tmp_path / "collection.md"
    started.value.save_as(file)
    assert "Quince" in file.read_text("utf-8")


def test_the_passages_behind_a_cell_go_where_it_is_chosen_there(page: Any) -> None:
    """And after a reload they still do."""
    page.goto(f"{COMPARED}&dimension=trust+and+relationships")
    page.locator(".kb-matrix td a", has_text="Trust grows like bark").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Other collection").click()
    page.get_by_label("Save into").fill("For the cells")
    page.keyboard.press("Enter")
    save = dialog.get_by_role("button", name="Save to “For the cells”")
    look = "link => getComputedStyle(link).color"
    before = page.locator(".kb-matrix td a").first.evaluate(look)
    save.click()
    page.get_by_text("Saved to “For the cells”.").wait_for()
    assert page.locator(".kb-matrix td a").first.evaluate(look) == before
    page.reload()
    page.locator(".kb-matrix td a", has_text="Trust grows like bark").click()
    save.click()
    page.get_by_text("Already in “For the cells”.").wait_for()


def test_a_hostile_text_causes_no_request_and_no_markup(page: Any) -> None:
    """Tags, image links and script links of a document stay words; the fixture counts requests."""
    for address in (
        "/",
        "/ask?question=What+is+hostile+leadership%3F",
        "/compare?framework=orchard-leadership&framework=hostile-leadership",
        "/compare?framework=orchard-leadership&framework=hostile-leadership&view=principles",
        "/compare?framework=orchard-leadership&framework=hostile-leadership"
        "&on=%3Cimg+src%3Dhttp://evil.example/o.png%3E",
        "/compare?view=map&framework=hostile-leadership",
        "/compare?view=map&points=passages&framework=hostile-leadership",
        "/library",
        "/ask?question=![x](http://evil.example/q.png)&framework=![x](http://evil.example/f.png)",
    ):
        page.goto(address)
        page.wait_for_selector(".stHtml h1")
        page.wait_for_timeout(700)
        assert page.locator("img[src*=evil]").count() == 0
        assert page.locator("a[href^=javascript], a[href*='//evil']").count() == 0
        assert page.title() != "owned"
    page.goto("/ask?question=What+is+hostile+leadership%3F")
    page.locator(".kb-passage a", has_text="Hostile").first.click()
    page.wait_for_selector(".kb-document")
    shown = page.locator(".kb-document").inner_text()
    assert "<script>document.title='owned'</script>" in shown
    assert "U+202E" in shown
    assert page.locator(".kb-document script, .kb-document img, .kb-document a").count() == 0


VIEWS = [
    "/ask?question=What+is+orchard+leadership%3F&family=values+and+ethics&from=1900",
    f"{COMPARED}&on=How+is+trust+built%3F&dimension=trust+and+relationships&evidence=yes",
    f"{COMPARED}&framework=hostile-leadership&view=principles"
    "&pair=orchard-leadership&pair=hostile-leadership",
    f"{COMPARED}&view=map",
    f"{COMPARED}&view=map&points=passages",
]


@pytest.mark.parametrize("address", VIEWS)
def test_every_view_has_an_address_that_opens_it_again(
    page: Any, browser: Any, server: str, address: str
) -> None:
    """The link that a view offers shows another person the same page, words and figures."""
    page.goto(address)
    link = _settled(page).locator("[data-link*='generation=']").first.get_attribute("data-link")
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    other = context.new_page()
    other.goto(f"/{link}")
    seen = _settled(other).locator("[data-testid=stMain]").inner_text()
    drawn = other.locator("svg.marks").count()
    context.close()
    assert seen == page.locator("[data-testid=stMain]").inner_text()
    assert drawn == page.locator("svg.marks").count() == (2 if "map" in address else drawn)


def test_a_source_has_an_address_that_opens_it_at_the_words(
    page: Any, browser: Any, server: str
) -> None:
    """Another person sees the same text, with the same words marked and in sight."""
    page.goto("/ask?question=Who+coined+the+term+orchard+leadership%3F")
    page.locator(".kb-answer .kb-cite").first.click()
    page.locator("#kb-here").wait_for()
    page.wait_for_timeout(1500)
    link = page.locator("[data-link*='generation=']").first.get_attribute("data-link")
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    other = context.new_page()
    other.goto(f"/{link}")
    other.locator("#kb-here").wait_for()
    other.wait_for_timeout(1500)
    shown = [each.locator("[data-testid=stMain]").inner_text() for each in (page, other)]
    here = other.locator("#kb-here")
    marked = here.inner_text()
    is_in_sight = here.evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top > 0 && b.bottom < innerHeight }"
    )
    context.close()
    assert shown[0] == shown[1]
    assert "coined the term in 1987" in " ".join(marked.split())
    assert is_in_sight


def test_a_collection_has_an_address_that_opens_it(page: Any, browser: Any, server: str) -> None:
    """By its name, for a session that has saved nothing itself."""
    page.goto("/collection")
    page.get_by_label("Collection that you read").fill("For the workshop")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing is saved in “For the workshop” yet").wait_for()
    page.get_by_role("link", name="Ask", exact=True).click()
    page.get_by_label("Your question").fill("Who coined the term orchard leadership?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save to “For the workshop”").first.click()
    page.get_by_text("Saved to “For the workshop”.").wait_for()
    page.get_by_role("link", name="Collection", exact=True).click()
    page.locator(".kb-passage").first.wait_for()
    page.wait_for_timeout(1500)
    link = page.locator("[data-link^='collection?']").first.get_attribute("data-link")
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    other = context.new_page()
    other.goto(f"/{link}")
    other.locator(".kb-passage").first.wait_for()
    other.wait_for_timeout(1500)
    shown = [each.locator("[data-testid=stMain]").inner_text() for each in (page, other)]
    box = other.get_by_label("Collection that you read").input_value()
    context.close()
    assert box == "For the workshop"
    assert shown[0] == shown[1]


def test_a_click_on_a_dot_of_the_map_shows_its_passage(page: Any) -> None:
    """The words below the map are those of the dot, with a way to their source."""
    page.goto(f"{COMPARED}&view=map&points=passages")
    _settled(page)
    page.locator(".st-key-kb-map svg.marks .mark-symbol path").first.click()
    passage = page.locator(".kb-passage[aria-live]")
    passage.wait_for()
    words = passage.locator(".kb-text").inner_text()
    passage.locator("a").first.click()
    page.locator("#kb-here").wait_for()
    assert " ".join(page.locator("#kb-here").inner_text().split()) in " ".join(words.split())


def _settled(page: Any) -> Any:
    """The page once it has drawn everything."""
    page.wait_for_selector(".stHtml h1")
    page.wait_for_selector(".kb-answer, .kb-matrix, svg.marks", timeout=WAIT_MS)
    page.wait_for_timeout(1500)
    return page


@pytest.mark.parametrize(
    ("address", "figure", "numbers"),
    [
        (f"{COMPARED}&framework=hostile-leadership&view=principles"
         "&pair=orchard-leadership&pair=hostile-leadership", "kb-heat", "Prune gently"),
        (f"{COMPARED}&view=map", "kb-map", "Orchard leadership"),
        (f"{COMPARED}&view=map&points=passages", "kb-map", "Trust grows like bark"),
    ],
)  # fmt: skip
def test_a_figure_goes_out_as_shown(
    page: Any, tmp_path: Path, address: str, figure: str, numbers: str
) -> None:
    """Picture and numbers; what a hostile text brings into them is no markup."""
    page.goto(address)
    _settled(page)
    for beginning, button in (
        (b"\x89PNG", page.locator(f"[data-figure={figure}]", has_text="PNG")),
        (b"<svg", page.locator(f"[data-figure={figure}]", has_text="SVG")),
        (b"\xef\xbb\xbf", page.get_by_role("button", name="Numbers (CSV)").first),
    ):
        with page.expect_download() as started:
            button.first.click()
        file = tmp_path / started.value.suggested_filename
        started.value.save_as(file)
        assert file.read_bytes().startswith(beginning)
        assert len(file.read_bytes()) > 300
    picture = next(tmp_path.glob("*.svg")).read_text("utf-8")
    assert "<script" not in picture
    assert "<img" not in picture
    assert "<image" not in picture
    assert numbers in next(tmp_path.glob("*.csv")).read_text("utf-8")


def test_a_question_can_be_asked_and_a_source_opened_by_keyboard(page: Any) -> None:
    """No pointer is needed from the question to the words in the source."""
    page.goto("/ask")
    page.get_by_label("Your question").focus()
    page.keyboard.type("Who coined the term orchard leadership?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kb-answer .kb-cite")
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('kb-cite')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#kb-here")


def test_frameworks_are_compared_by_keyboard_alone(page: Any, tmp_path: Path) -> None:
    """Choosing two, opening a cell, closing it and taking the table out, with no pointer."""
    page.goto("/compare")
    page.wait_for_selector(".stHtml h1")
    page.wait_for_timeout(1000)
    for name in ("Orchard", "Lighthouse"):
        _tab_to(page, "e => e.role === 'combobox' && e.ariaLabel?.includes('Two to five')")
        page.keyboard.type(name)
        page.wait_for_timeout(400)
        page.keyboard.press("Enter")
        page.wait_for_timeout(800)
        page.keyboard.press("Escape")
    page.wait_for_selector(".kb-matrix")
    _tab_to(page, "e => e.matches('.kb-matrix td a')")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.locator("h2", has_text=": purpose and goals").wait_for()
    _tab_to(page, "e => e.ariaLabel === 'Close'")
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    _tab_to(page, "e => e.tagName === 'BUTTON' && e.innerText.includes('Download')")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="CSV", exact=True).wait_for()
    _tab_to(page, "e => e.tagName === 'BUTTON' && e.innerText.trim() === 'CSV'")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    file = tmp_path / "table.csv"
    started.value.save_as(file)
    assert "Trust grows like bark" in file.read_text("utf-8-sig")


def _tab_to(page: Any, is_wanted: str) -> None:
    """Presses Tab until the focus is where it should be; from the end it goes round."""
    for _ in range(80):
        if page.evaluate(f"({is_wanted})(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the focus never came to {is_wanted}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_a_text(page: Any, browser: Any, theme: str) -> None:
    """A source opened at its words, its outline shown."""
    page.goto("/ask?question=Who+coined+the+term+orchard+leadership%3F")
    page.locator(".kb-answer .kb-cite").first.wait_for()
    address = page.locator(".kb-answer .kb-cite").first.get_attribute("href")
    base = page.url.split("/ask")[0]
    assert _serious(browser, base, f"/{address}", theme, ".kb-document") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/ask?question=What+is+orchard+leadership%3F",
        "/ask?question=xylophone+quantum+zebra",
        "/compare?framework=orchard-leadership&framework=lighthouse-leadership",
        "/compare?framework=orchard-leadership&framework=lighthouse-leadership&view=principles",
        "/compare?framework=orchard-leadership&framework=lighthouse-leadership&view=map",
        "/compare?framework=orchard-leadership&view=map&points=passages",
        "/ask?question=What+is+orcherd+leadership%3F",
        "/library",
        "/collection",
        "/quality",
        "/source",
    ],
)
def test_axe_finds_nothing_serious(browser: Any, server: str, address: str, theme: str) -> None:
    """Automated accessibility rules in both themes; a development check."""
    assert _serious(browser, server, address, theme, ".stHtml h1, .kb-state") == []


def _serious(browser: Any, server: str, address: str, theme: str, drawn: str) -> list[Any]:
    """What axe-core finds serious or critical on a page with every fold of it open."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm install axe-core, or set AXE_CORE")
    context = browser.new_context(base_url=server, color_scheme=theme)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(drawn, timeout=WAIT_MS)
    page.wait_for_timeout(1200)
    page.evaluate("document.querySelectorAll('.stHtml details').forEach(e => { e.open = true })")
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run().then(found => found.violations)")
    context.close()
    return [
        (rule["id"], node["target"], node["failureSummary"][:200])
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/ask?question=What+is+orchard+leadership%3F",
        "/ask?question=xylophone+quantum+zebra",
        "/compare?framework=orchard-leadership&framework=lighthouse-leadership",
        "/compare?framework=orchard-leadership&framework=lighthouse-leadership&view=principles",
        "/compare?framework=orchard-leadership&framework=lighthouse-leadership&view=map",
        "/library",
        "/collection",
    ],
)
def test_nothing_is_wider_than_a_phone(browser: Any, server: str, address: str) -> None:
    """At 390 pixels no page scrolls sideways."""
    context = browser.new_context(base_url=server, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".stHtml h1", timeout=WAIT_MS)
    page.wait_for_timeout(700)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
    context.close()


def test_a_phone_has_room_for_the_question_and_a_button_that_sends_it(
    browser: Any, server: str
) -> None:
    """The field has the whole width; the button stands below it and asks."""
    context = browser.new_context(base_url=server, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto("/ask")
    box = page.get_by_label("Your question")
    box.fill("Who coined the term orchard leadership?")
    assert box.bounding_box()["width"] > 320
    page.get_by_role("main").get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_selector(".kb-answer")
    assert "question=Who+coined" in page.url
    context.close()


def test_a_heat_map_that_is_wider_than_a_phone_says_that_it_scrolls(
    browser: Any, server: str
) -> None:
    """In words that stay in sight; on a wide page nothing is said."""
    said = "e => getComputedStyle(e, '::before').content"
    for width, is_said in ((390, True), (1280, False)):
        context = browser.new_context(base_url=server, viewport={"width": width, "height": 844})
        page = context.new_page()
        page.goto(f"{COMPARED}&view=principles")
        heat = _settled(page).locator(".st-key-kb-heat")
        assert heat.evaluate("e => e.scrollWidth > e.clientWidth") == is_said
        assert ("Scroll sideways" in heat.evaluate(said)) == is_said
        context.close()
