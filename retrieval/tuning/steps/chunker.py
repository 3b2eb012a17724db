"""Step 1, the unit of retrieval: what the chunker cuts apart no later stage brings together."""

from __future__ import annotations

from functools import partial

from retrieval.chunking import FixedSize, StructureAware, WholeDocument
from retrieval.tuning.steps import recalling
from retrieval.tuning.steps.base import Step
from retrieval.tuning.steps.recalling import Price

READ = Price(lambda costs: costs.characters, "characters a query for a language model to read", ",.0f")

CHUNKER = Step(
    name="Chunker",
    part="chunker",
    kind="chunkers",
    about="How documents are cut decides what can be found at all. Compared is the share of what is relevant that reaches the"
    " reranker.",
    metric=recalling.metric,
    defaults=(WholeDocument(), FixedSize(), StructureAware()),
    run=partial(recalling.run, "Chunker", "chunker", READ),
)
