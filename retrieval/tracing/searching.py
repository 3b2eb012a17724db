"""A query set through a pipeline, each query timed alone; what is kept is not searched again, what is finished is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import lru_cache, partial

from retrieval.engine import Engine
from retrieval.errors import BadInput, require
from retrieval.indexes import index_key
from retrieval.pieces import resumed
from retrieval.pipeline import Pipeline, digest
from retrieval.tracing.kept import Kept
from retrieval.tracing.store import TraceStore
from retrieval.tracing.traces import Traces
from retrieval.types import Progress, Query, unheard

WARM_UP = 3
FORMAT = "1"  # of what is kept; with another number everything is searched anew
SCORING = ("retrieval-playground", "numpy", "numba", "hnswlib", "torch", "transformers", "sentence-transformers")


def trace(
    engine: Engine,
    queries: Sequence[Query],
    store: TraceStore | None = None,
    pipeline: Pipeline | None = None,
    repetitions: int = 1,
    progress: Progress = unheard,
    fresh: bool = False,
) -> Traces:
    """Search every query `repetitions` times, pass after pass, after a warm-up that is not counted.

    With a `store` only what it lacks is searched, and what is finished stays there, also where `progress` raises, which cancels,
    or the process is killed. `fresh` measures everything again. `pipeline` may differ from the engine's in live settings.
    Queries of one text are searched as one. What the pipeline refuses stands in `Traces.refused`; BadInput where that is all.
    """
    require(repetitions >= 1, f"repetitions {repetitions} must be at least 1")
    pipeline = pipeline or engine.pipeline
    if not engine.fits(pipeline):
        raise BadInput("The engine was built with another chunker, embedder, analyser or graph; open one for this pipeline.")
    texts = list(dict.fromkeys(query.text for query in queries))
    with resumed(store, partial(_place, engine, pipeline), () if fresh else texts) as (kept, keep):
        missing = _missing(texts, kept, repetitions)
        _warm_up(engine, pipeline, missing, progress)
        sentence = partial(_sentence, len(missing), len(texts) - len(set(missing)))
        refused = _search(engine, pipeline, missing, kept, keep, lambda done: progress(sentence(done), done / len(missing)))
    answered = tuple(query for query in queries if query.text not in refused)
    if refused and not answered:
        raise BadInput(next(iter(refused.values())))
    return Traces(
        pipeline,
        answered,
        engine.indexes.chunks.table.ids,
        tuple(kept[query.text] for query in answered),
        repetitions,
        {query.id: refused[query.text] for query in queries if query.text in refused},
        tuple(store.notes) if store is not None else (),
    )


def unsearched(
    engine: Engine, queries: Sequence[Query], store: TraceStore, pipeline: Pipeline | None = None, repetitions: int = 1
) -> int:
    """How many searches `trace` would do; a query that the pipeline refuses is never kept, so it is always among them."""
    texts = list(dict.fromkeys(query.text for query in queries))
    kept = store.read(*_place(engine, pipeline or engine.pipeline), texts)
    return len(_missing(texts, kept, repetitions))


def traces_key(engine: Engine, pipeline: Pipeline) -> str:
    """Names all that the rankings of `pipeline` over the engine's corpus depend on, the versions of libraries among it."""
    settings = [item.name for item in fields(pipeline) if item.name != "results"]  # how many are shown changes no ranking
    chunks = engine.indexes.chunks.table.fingerprint
    return digest(FORMAT, *_versions(), index_key(engine.corpus, pipeline), pipeline.fingerprint(*settings), chunks)


@lru_cache(maxsize=1)
def _versions() -> tuple[str, ...]:
    from importlib.metadata import PackageNotFoundError, version

    def installed(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return ""

    return tuple(f"{name} {installed(name)}" for name in SCORING)


def _place(engine: Engine, pipeline: Pipeline) -> tuple[str, str]:
    return engine.corpus.lineage, traces_key(engine, pipeline)


def _missing(texts: Sequence[str], kept: Mapping[str, Kept], repetitions: int) -> list[str]:
    """The text of each search that is still to be done, in order."""
    done = {text: len(kept[text].seconds) if text in kept else 0 for text in texts}
    return [text for repetition in range(repetitions) for text in texts if done[text] <= repetition]


def _warm_up(engine: Engine, pipeline: Pipeline, missing: Sequence[str], progress: Progress) -> None:
    for text in list(dict.fromkeys(missing))[:WARM_UP]:
        progress("Warming up", 0.0)
        with suppress(BadInput):
            engine.search(text, pipeline)


def _search(
    engine: Engine,
    pipeline: Pipeline,
    missing: Sequence[str],
    kept: dict[str, Kept],
    keep: Callable[[str, Kept], None],
    progress: Callable[[int], object],
) -> dict[str, str]:
    """Do the searches, add them to `kept`, and return why the pipeline refuses a text, by text."""
    refused: dict[str, str] = {}
    for done, text in enumerate(missing, start=1):
        try:
            if text not in refused:
                found = engine.search(text, pipeline)
                kept[text] = kept[text].again(found) if text in kept else Kept.of(found, engine.row_of)
                keep(text, kept[text])
        except BadInput as error:
            refused[text] = str(error)
        progress(done)
    return refused


def _sentence(searches: int, known: int, done: int) -> str:
    """How many of the searches are done, how many queries need none."""
    before = f", {known:,} queries known" if known else ""
    return f"Search {done:,} of {searches:,}{before}"
