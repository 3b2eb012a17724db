"""The app in a process of its own: it answers, prints into a file, and is gone afterwards."""

import os
import sys
import urllib.request

import pytest

from retrieval.cli import serving


def test_an_app_that_ends_at_once_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(serving, "command", lambda port, headless: [sys.executable, "-c", "print('no such page')"])
    log = tmp_path / "app.log"
    with pytest.raises(RuntimeError, match=r"The app ended before it answered\."), serving.served({}, log):
        pytest.fail("there is nothing to look at")
    assert log.read_text() == "no such page\n"


def test_an_app_is_there_until_the_end_of_the_block(monkeypatch):
    """A server that answers every path stands for the app; it says what its environment holds."""
    code = (
        "import http.server, os, sys\n"
        "class Said(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200)\n"
        "        self.end_headers()\n"
        "        self.wfile.write(os.environ['PLAYGROUND_HOME'].encode())\n"
        "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Said).serve_forever()\n"
    )
    monkeypatch.setattr(serving, "command", lambda port, headless: [sys.executable, "-c", code, str(port)])
    with serving.served({"PLAYGROUND_HOME": "/somewhere"}) as app:
        with urllib.request.urlopen(app.address) as answer:
            assert answer.read() == b"/somewhere"
        assert app.pid != os.getpid()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(app.address)
