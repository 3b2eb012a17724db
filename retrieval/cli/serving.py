"""`playground app`: the web pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parents[2]


def command(port: int, headless: bool) -> list[str]:
    """What starts the app as a process."""
    page = str(ROOT / "pages" / "common" / "launch.py")
    settings = ["--server.port", str(port), "--server.headless", str(headless).lower()]
    return [sys.executable, "-m", "streamlit", "run", page, *settings]


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
