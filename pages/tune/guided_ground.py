"""What the steps stand on here: the query set of the page, and the searches, indexes and results that the app keeps."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from pages.common import cached, running
from retrieval import IndexCost, Pipeline, Progress, Query, judging, tuning


@dataclass(frozen=True)
class Guiding:
    """Judged `queries` of a set over a corpus, scored on `passages` where there are any, and the `pipeline` as it is set now."""

    corpus: str
    query_set: judging.QuerySet
    queries: tuple[Query, ...]
    passages: bool
    pipeline: Pipeline

    @cached_property
    def key(self) -> Hashable:
        """Names what every choice rests on: documents, queries, which of them are held out, judgments."""
        held_out = tuple(query.id for query in self.queries if query.held_out)
        judged = (cached.judgments().version(self.query_set.key), self.passages)
        return (cached.corpus(self.corpus).fingerprint, cached.queries_name(self.queries), held_out, judged)

    @property
    def job(self) -> str:
        """The name of the job that runs a step."""
        return f"guided tuning of {self.query_set.key}"

    def result_key(self, step: tuning.steps.Step) -> Hashable:
        """Names what a step found with the pipeline as it is set now."""
        return (self.key, step.name, self.pipeline.fingerprint())

    def work(self, pipeline: Pipeline) -> cached.Work:
        """The searches of a pipeline; queries without words are left out, and like all that has no results count 0."""
        return cached.Work(self.corpus, pipeline, tuple(query for query in self.queries if query.text.strip()))

    def begin(self, step: tuning.steps.Step, values: Sequence[Any]) -> None:
        """Run a step as a job."""
        keep = partial(cached.keep_step_result, self.result_key(step))
        body = partial(_run, step, self._ground(), self.pipeline, values, keep)
        running.begin(self.job, f"The step {step.name}", body)

    def _ground(self) -> tuning.steps.Ground:
        documents = cached.corpus(self.corpus)

        def search(pipeline: Pipeline, progress: Progress) -> tuning.steps.Searched:
            engine = cached.engine(self.corpus, pipeline, progress)[0]
            work = self.work(pipeline)
            cached.search(work, engine, progress)
            judgeable = cached.judgeable(self.query_set.key, self.passages, work, engine)
            return tuning.steps.Searched(engine, cached.traced(work, engine), judgeable)

        def cost(pipeline: Pipeline) -> IndexCost:
            return cached.index_costs(cached.index_name(self.corpus, pipeline), documents, pipeline)

        return tuning.steps.Ground(self.queries, search, cost, tuning.ScoreStore(cached.workspace().home))


def _run(
    step: tuning.steps.Step,
    ground: tuning.steps.Ground,
    pipeline: Pipeline,
    values: Sequence[Any],
    keep: Callable[[tuning.steps.StepResult], None],
    progress: Progress,
) -> None:
    step.run(ground, pipeline, values, progress, keep)
