"""Step 2, the model that makes vectors: start cheap, and pay for a better one where the queries show that it is better."""

from __future__ import annotations

from functools import partial

from retrieval.embedders import LSA, SentenceTransformerModel
from retrieval.tuning.steps import recalling
from retrieval.tuning.steps.base import Step
from retrieval.tuning.steps.recalling import Price

TIME = Price(lambda costs: costs.p50_ms, "ms a query at p50", ".1f")

EMBEDDER = Step(
    name="Embedder",
    part="embedder",
    kind="embedders",
    about="A dearer model has to earn its keep: by what it brings to the reranker, against the space and the time that it takes.",
    metric=recalling.metric,
    defaults=(SentenceTransformerModel(), LSA()),
    run=partial(recalling.run, "Embedder", "embedder", TIME),
)
