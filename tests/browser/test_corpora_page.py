"""The Corpora page as its users see it: a folder of mixed files dropped in, looked at, chunked, built and searched."""

import base64
import re
from urllib.parse import quote

import pytest
from filelock import FileLock
from playwright.sync_api import expect

from retrieval.readers import read_file
from retrieval.workspace import LOCK
from tests.browser.looking import cards, metric, searched, settled
from tests.mixed_files import FACTS, make

NAME = "Harbour cranes"
BADGE = re.compile(r"^#\d+ · \d+ tokens")
DROP = """(zone, files) => {
    const transfer = new DataTransfer();
    for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
    }
    for (const kind of ["dragenter", "dragover", "drop"]) {
        zone.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: transfer}));
    }
}"""


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """The paths of the mixed files."""
    folder = tmp_path_factory.mktemp("mixed")
    make(folder)
    return sorted(path for path in folder.iterdir() if path.is_file())


def drop(page, paths):
    """Let files fall onto the upload, as from a file manager."""
    files = [(path.name, base64.b64encode(path.read_bytes()).decode()) for path in paths]
    page.locator("[data-testid=stFileUploaderDropzone]").evaluate(DROP, files)


def create(page, name):
    page.goto("/corpora")
    page.get_by_role("button", name="New corpus").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Create").click()
    page.get_by_text("add documents to begin").wait_for()
    page.keyboard.press("Escape")
    settled(page)


def section(page, name):
    page.get_by_role("radio", name=name, exact=True).click()
    settled(page)


def test_a_folder_of_mixed_files_from_the_drop_to_the_page_and_heading_of_a_result(page, mixed):
    create(page, NAME)
    drop(page, mixed)
    page.get_by_role("button", name=f"Read {len(mixed)} files").click()
    page.get_by_text("What was read").wait_for()
    settled(page)
    assert [metric(page, name) for name in ("Files", "Documents", "Refused", "Copies")] == ["15", "18", "0", "0"]
    page.get_by_role("button", name="Add 18 documents").click()
    page.get_by_text("18 added").wait_for()
    page.get_by_role("button", name="Look at the chunks").click()
    settled(page)
    expect(page.get_by_role("radio", name="Chunks")).to_be_checked()
    before = page.get_by_text(BADGE).count()
    size = page.get_by_role("slider", name="Chunk size, tokens").first
    size.focus()
    for _ in range(14):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("size=60"))
    settled(page)
    expect(size).to_have_attribute("aria-valuetext", "60")
    expect(page.get_by_text(BADGE)).not_to_have_count(before)
    assert page.get_by_text(BADGE).count() > before > 1  # smaller chunks, more boundaries in the text
    section(page, "Index")
    page.get_by_role("button", name="Build the index of 18 documents").click()
    running = page.locator(".st-key-job-running")
    running.get_by_text(re.compile("Starting|Opening|Chunking|Indexing|Embedding")).wait_for()
    page.get_by_role("button", name="Built").wait_for()
    page.get_by_text("the index in use has them all").wait_for()
    ids = {path.name: {document.id for document in read_file(path.name, path.read_bytes()).documents} for path in mixed}
    ids |= {id: {id} for own in list(ids.values()) for id in own}  # attachments and what a ZIP holds are named by their ids
    for query, file, number, heading in FACTS:
        page.goto(f"/?corpus={quote(NAME)}&q={quote(query)}")
        searched(page)
        found = ["\n".join(lines).replace("\u2060", "") for lines in cards(page, "reranked")[:3]]
        of_file = [text for text in found if any(re.search(rf"\n{re.escape(id)}(#\d+)? ", text) for id in ids[file])]
        assert of_file, (query, found)
        if number is not None:
            assert any(re.search(rf"pages? [\d–]*\b{number}\b", text) for text in of_file), (query, of_file)
        assert any(heading in text for text in of_file), (query, of_file)


def test_a_cancelled_build_leaves_the_index_before_in_use(page, mixed, place):
    create(page, "Cancelled")
    drop(page, [path for path in mixed if path.suffix == ".md"])
    page.get_by_role("button", name="Read 1 file").click()
    page.get_by_role("button", name="Add 1 document").click()
    page.get_by_text("1 added").wait_for()
    section(page, "Index")
    page.get_by_role("button", name="Build the index of 1 document").click()
    page.get_by_role("button", name="Built").wait_for()
    settled(page)
    page.get_by_text("Title and headings in front").click()
    (folder,) = (place / "home" / "indexes").glob("cancelled-*")
    with FileLock(folder / LOCK):  # the build waits for its turn, so that it cannot end before it is cancelled
        page.get_by_role("button", name="Build the index of 1 document").click()
        page.locator(".st-key-job-running").wait_for()
        page.get_by_text("Search", exact=True).click()  # leave the page and come back
        page.get_by_label("Query", exact=True).wait_for()
        page.get_by_text("Corpora", exact=True).click()
        page.locator(".st-key-job-running").get_by_role("button", name="Cancel").click()
        page.locator(".st-key-job-running").wait_for(state="detached")
    page.goto(f"/?corpus=Cancelled&q={quote('canteen opening hours')}")
    searched(page)
    assert "Canteen" in "\n".join("\n".join(lines) for lines in cards(page, "reranked"))
    page.goto("/corpora?corpus=Cancelled&part=Index")
    page.get_by_text("Cancelled; what is embedded is kept.").wait_for()


def test_what_cannot_be_read_is_said_and_the_rest_goes_on(page, mixed, tmp_path):
    (tmp_path / "photo.pdf").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "tool.exe").write_bytes(b"MZ")
    create(page, "Mostly refused")
    drop(page, [tmp_path / "photo.pdf", tmp_path / "tool.exe", *(path for path in mixed if path.suffix == ".txt")])
    page.get_by_role("button", name="Read 3 files").click()
    page.get_by_text("Not taken: 2").wait_for()
    assert [metric(page, name) for name in ("Documents", "Refused")] == ["1", "2"]


def test_a_cold_deep_link_to_the_page_finds_it(page):
    page.goto("/corpora?corpus=parts-catalogue&part=Documents")
    page.get_by_text("256 documents").first.wait_for()
    settled(page)
    assert page.get_by_text("Page not found").count() == 0


def test_settings_outlive_a_change_of_pages(page):
    page.goto("/?corpus=parts-catalogue&q=relay&chunker=structure-aware&size=120&weight=0.3")
    searched(page)
    page.get_by_text("Corpora", exact=True).click()
    page.get_by_text("256 documents").first.wait_for()
    section(page, "Chunks")
    expect(page.get_by_role("slider", name="Chunk size, tokens").first).to_have_attribute("aria-valuetext", "120")
    page.get_by_text("Search", exact=True).click()
    searched(page)
    for setting in ("corpus=parts-catalogue", "q=relay", "chunker=structure-aware", "size=120", "weight=0.3"):
        assert setting in page.url
