"""The tables of saved pipelines and experiments: they still are what version 3 of the schema made."""

from __future__ import annotations

from retrieval.database.version_3 import EXPERIMENTS, PIPELINES
from retrieval.database.version_3 import TABLES as METADATA

__all__ = ["EXPERIMENTS", "METADATA", "PIPELINES"]
