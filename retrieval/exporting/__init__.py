"""What leaves the app: one file a format. A new format is one function and one line in the table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from retrieval.exporting.beir import beir_zip
from retrieval.exporting.cells import csv_table
from retrieval.readers import Collection

Export = Callable[[Collection, Path | IO[bytes]], None]

EXPORTS: dict[str, Export] = {"BEIR ZIP": beir_zip}

__all__ = ["EXPORTS", "Export", "beir_zip", "csv_table"]
