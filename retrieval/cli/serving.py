"""`playground app`: the web pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parents[2]


def command(port: int, headless: bool) -> list[str]:
    """What starts the app as a process."""
    page = str(ROOT / "pages" / "common" / "launch.py")
    settings = ["--server.port", str(port), "--server.headless", str(headless).lower()]
    return [sys.executable, "-m", "streamlit", "run", page, *settings]


@dataclass(frozen=True, slots=True)
class Served:
    """The app in a process of its own."""

    address: str
    pid: int


@contextmanager
def served(environment: Mapping[str, str], log: Path = Path(os.devnull)) -> Iterator[Served]:
    """The app on a free port of this computer, from when it answers until the end of the block; what it prints goes to `log`.

    `environment` is added to this process's own. Raises RuntimeError where the app ends, or says nothing for two minutes.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command(port, headless=True), cwd=ROOT, env={**os.environ, **environment}, stdout=stream, stderr=stream
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process)
        yield Served(address, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        if process.poll() is not None:
            raise RuntimeError("The app ended before it answered.")
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("The app did not answer within two minutes.")


def open_app(
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 8501,
    headless: Annotated[bool, typer.Option(help="Do not open a browser window.")] = False,
    corpora: Annotated[Path | None, typer.Option(help="A folder of BEIR folders to offer beside the samples.")] = None,
) -> None:
    """Open the playground in a web browser."""
    if corpora is not None:
        os.environ["PLAYGROUND_CORPORA"] = str(corpora.resolve())
    os.environ.setdefault("PLAYGROUND_HOME", str(Path("workspace").resolve()))
    raise SystemExit(subprocess.call(command(port, headless), cwd=ROOT))
