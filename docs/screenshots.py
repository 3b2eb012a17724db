"""Make the README's screenshots: start the app over the samples, and photograph a search, light and dark, the chunks, a document
to judge, an evaluation, and the live curve of a tuning.

python docs/screenshots.py          needs Playwright (the extra "test") and a Chromium on the PATH
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from retrieval.cli.serving import ROOT, served

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
QUERY = "water droplets inside the electrical box every morning, contacts turning green"
SEARCH = "/?" + urlencode({"corpus": "parts-catalogue", "q": QUERY, "results": "5"})
CHUNKS = "/corpora?" + urlencode({"corpus": "marlstream-docs", "part": "Chunks", "chunker": "structure-aware", "size": "120"})
JUDGE = "/judge?" + urlencode({"corpus": "marlstream-docs"})
EVALUATE = "/evaluate?" + urlencode({"corpus": "parts-catalogue"})
TUNE = "/tune?" + urlencode({"corpus": "parts-catalogue", "fusion": "theoretical min-max", "weight": "0.7"})
SHOTS = {
    "search-light.png": (SEARCH, "on the critical path", 1280, 1000, "light"),
    "search-dark.png": (SEARCH, "on the critical path", 1920, 1080, "dark"),
    "chunks-light.png": (CHUNKS, "chunks in this document", 1280, 1000, "light"),
    "judge-light.png": (JUDGE, "The next grade is for", 1280, 1000, "light"),
    "evaluate-light.png": (EVALUATE, "Lines are 95", 1280, 1000, "light"),
    "tune-light.png": (TUNE, "Chosen on", 1280, 1000, "light"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as home, served({"PLAYGROUND_HOME": home}) as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, (address, *shot) in SHOTS.items():
            shoot(browser, ROOT / "docs" / name, app.address + address, *shot)
        browser.close()


def shoot(browser: Browser, path: Path, address: str, words: str, width: int, height: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light")
    for _ in range(2):  # the first visit builds the index, the second is timed at rest
        page.goto(address)
        introduce(page)
        page.get_by_text(words).first.wait_for(timeout=180_000)
        page.wait_for_timeout(3000)
    page.screenshot(path=path)
    page.close()
    print(path.relative_to(ROOT))


def introduce(page: Page) -> None:
    """Give a name where the page asks who judges."""
    page.wait_for_timeout(3000)
    name = page.get_by_role("textbox", name="Your name")
    if name.count():
        name.fill("Ann")
        page.get_by_role("button", name="Start judging").click()


if __name__ == "__main__":
    main()
