"""The app in a process of its own, and a headless Chromium that looks at it."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from retrieval.cli.serving import command

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """A browser, or a skip with the reason."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this computer; install the package chromium to run the browser tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """Where the app has its corpora and its home."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def served(place):
    """The address of the app over the sample corpora, a hostile one and one to judge, with no network for models."""
    from tests.browser.hostile import write_hostile
    from tests.browser.judged import write_judged

    folder = place
    write_hostile(folder / "corpora" / "hostile")
    write_judged(folder / "corpora" / "harbour")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PLAYGROUND_HOME": str(folder / "home"),
        "PLAYGROUND_CORPORA": str(folder / "corpora"),
        "HF_HUB_OFFLINE": "1",
    }
    log = (folder / "app.log").open("w")
    process = subprocess.Popen(command(port, headless=True), cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def wait_until_healthy(address, process):
    for _ in range(240):
        if process.poll() is not None:
            raise RuntimeError("the app stopped before it answered")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("the app did not answer within two minutes")


@pytest.fixture
def page(chromium, served):
    """A fresh page at laptop size."""
    with opened_on(chromium, served, 1280, "light") as opened:
        yield opened


@pytest.fixture(scope="module", params=product((1280, 1920), ("light", "dark")), ids=lambda screen: " ".join(map(str, screen)))
def screen(chromium, served, request):
    """A page in every width and colour scheme."""
    with opened_on(chromium, served, *request.param) as opened:
        yield opened


@contextmanager
def opened_on(chromium, served, width, scheme):
    """A page of a browser that has nothing stored yet; any request that leaves this computer is an error."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, base_url=served, color_scheme=scheme)
    opened = context.new_page()
    opened.set_default_timeout(180_000)
    abroad = []
    opened.on("request", lambda request: abroad.append(request.url) if not local(request.url, served) else None)
    yield opened
    context.close()
    assert abroad == []


def local(url, served):
    return url.startswith((served, served.replace("http", "ws"), "data:", "blob:"))
