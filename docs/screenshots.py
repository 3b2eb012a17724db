"""Make the README's screenshots: start the app over the samples, ask one query, and photograph it light and dark.

python docs/screenshots.py          needs Playwright (the extra "test") and a Chromium on the PATH
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PORT = 8599
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
QUERY = "water droplets inside the electrical box every morning, contacts turning green"
VIEW = {"corpus": "parts-catalogue", "q": QUERY, "results": "5"}
SHOTS = {"search-light.png": (1280, 1000, "light"), "search-dark.png": (1920, 1080, "dark")}


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PLAYGROUND_HOME": home}
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(ROOT / "pages" / "common" / "launch.py"),
            "--server.port",
            str(PORT),
        ]
        app = subprocess.Popen([*command, "--server.headless", "true"], cwd=ROOT, env=environment)
        try:
            wait()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                for name, (width, height, scheme) in SHOTS.items():
                    shoot(browser, ROOT / "docs" / name, width, height, scheme)
                browser.close()
        finally:
            app.terminate()
            app.wait()


def wait() -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_stcore/health", timeout=2)
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the app did not answer within a minute")


def shoot(browser: Browser, path: Path, width: int, height: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light")
    for view in (VIEW | {"q": "relay"}, VIEW):  # the first visit builds the index, the second is timed at rest
        page.goto(f"http://127.0.0.1:{PORT}/?{urlencode(view)}")
        page.get_by_text("on the critical path").wait_for(timeout=180_000)
        page.wait_for_timeout(3000)
    page.screenshot(path=path)
    page.close()
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
