"""What a step of the guided tuning is: one setting of a pipeline, varied on a fixed query set while all others stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from retrieval.costs import IndexCost, index_cost
from retrieval.engine import Engine
from retrieval.judgeable import Judgeable
from retrieval.metrics import score_rankings
from retrieval.pipeline import Pipeline
from retrieval.rerankers import NoReranker
from retrieval.tracing import Traces, TraceStore, trace
from retrieval.tuning.choice import Choice
from retrieval.tuning.folds import Floats, Ints, Mask, balanced_folds
from retrieval.tuning.scored import ScoreStore
from retrieval.tuning.steps.naming import name_of
from retrieval.types import Corpus, Judgment, Progress, Query
from retrieval.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Variant:
    """A pipeline under the name of what is special about it."""

    name: str
    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class Costs:
    """What a variant costs, None where it is not known or the same for all.

    Milliseconds of a query, up to the stage that the step is about; what each of them at p95 gains in the step's metric; bytes
    on disk; texts embedded in a second; chunks of the corpus; characters of the results that are shown, which is what a language
    model behind them reads.
    """

    p50_ms: float | None = None
    p95_ms: float | None = None
    gain_per_ms: float | None = None
    index_bytes: int | None = None
    texts_per_second: float | None = None
    chunks: int | None = None
    characters: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StepResult:
    """What a step found: the `variants` that could be tried, with the `choice` among them and their `costs`.

    `failed` says why others could not be tried, by name; `waiting` are the names of those still to come: the result is partial.
    `verdicts` says of each variant worth listing, by its place, how it stands against the rule's incumbent; `sentence` is the
    recommendation; `marks` are further places by what they are.
    """

    step: str
    metric: str
    variants: tuple[Variant, ...]
    choice: Choice
    costs: tuple[Costs, ...]
    verdicts: Mapping[int, str]
    sentence: str
    marks: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()

    @property
    def recommended(self) -> Variant:
        """The variant to take."""
        return self.variants[self.choice.recommended]


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """What a pipeline did for the queries, and by what its rankings are scored."""

    engine: Engine
    traces: Traces
    judgeable: Judgeable


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What all steps stand on: judged `queries`, and how a pipeline is searched with them and what its index costs.

    What rerankers give candidates is kept in `store`.
    """

    queries: tuple[Query, ...]
    search: Callable[[Pipeline, Progress], Searched]
    cost: Callable[[Pipeline], IndexCost]
    store: ScoreStore | None = None

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        queries: Sequence[Query],
        judgments: Sequence[Judgment],
        workspace: Workspace,
        passages: bool = True,
    ) -> Ground:
        """The queries that are judged, with indexes and traces kept in `workspace`; `passages` as in `Judgeable.of`."""
        judged = {judgment.query_id for judgment in judgments}
        asked = tuple(query for query in queries if query.id in judged)

        def search(pipeline: Pipeline, progress: Progress) -> Searched:
            engine = Engine.open(corpus, pipeline, workspace, progress)
            traces = trace(engine, asked, TraceStore(workspace.home), pipeline, progress=progress)
            return Searched(engine, traces, Judgeable.of(judgments, engine.indexes.chunks, engine.document_of, passages))

        return cls(asked, search, lambda pipeline: index_cost(corpus, pipeline, workspace), ScoreStore(workspace.home))

    @property
    def held_out(self) -> Mask:
        """The queries that no choice looks at, (q,)."""
        return np.array([query.held_out for query in self.queries], np.bool_)

    @property
    def folds(self) -> Ints:
        """The fold of each query, (q,)."""
        return balanced_folds([query.category for query in self.queries])

    def scores(self, searched: Searched, stage: str, metric: str) -> Floats:
        """A metric of one stage for each query, (q,); one that was not answered counts 0."""
        judgeable = searched.judgeable
        grades = {query.id: judgeable.grades[query.id] for query in self.queries}
        found = score_rankings(judgeable.rankings(searched.traces.rankings(stage)), grades, (metric,))[metric]
        return np.array([found[query.id] for query in self.queries])


SoFar = Callable[[StepResult], None]
Run = Callable[[Ground, Pipeline, Sequence[Any], Progress, SoFar], StepResult]


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps: which `part` of a pipeline it varies, and `about` what in a sentence.

    `defaults` are the values to try beside the one in use; `kind` is what a value is called. `run` tries values over a ground: it
    takes a progress that may raise, which stops it, and hands over the result so far whenever there is more of it. It raises
    PlaygroundError where nothing could be tried; a value that alone cannot be tried stands in `StepResult.failed`. `obstacle`
    says why there is nothing to vary in a pipeline, "" where there is. `beside` are parts that vary with the first one.
    """

    name: str
    part: str
    kind: str
    about: str
    metric: Callable[[Pipeline], str]
    defaults: tuple[Any, ...]
    run: Run
    obstacle: Callable[[Pipeline], str] = lambda pipeline: ""
    beside: tuple[str, ...] = ()

    def in_use(self, result: StepResult, pipeline: Pipeline) -> int | None:
        """The variant that has what `pipeline` has of what is varied; None where none has."""
        own = (self.part, *self.beside)
        same = (at for at, one in enumerate(result.variants) if one.pipeline.fingerprint(*own) == pipeline.fingerprint(*own))
        return next(same, None)


def varied(part: str, pipeline: Pipeline, values: Sequence[Any]) -> tuple[Variant, ...]:
    """The pipeline with each of `values` in place of its own part, its own first."""
    distinct = dict.fromkeys((getattr(pipeline, part), *values))
    return tuple(Variant(name_of(part, value), pipeline.with_(**{part: value})) for value in distinct)


def first_stage(pipeline: Pipeline) -> Pipeline:
    """The same without a reranker."""
    return pipeline.with_(reranker=NoReranker())


def silent(result: StepResult) -> None:
    """Where nobody looks at results so far."""
