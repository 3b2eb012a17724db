"""From what a pipeline did for a query set to the candidates of all its queries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.judgeable import Judgeable
from retrieval.tracing import Traces
from retrieval.tuning.candidates import Candidates
from retrieval.tuning.items import Items
from retrieval.types import Query


def traced_candidates(traces: Traces, queries: Sequence[Query], judgeable: Judgeable) -> Candidates:
    """What both retrievers found for `queries`, which are judged; one that was not answered has no results, so it counts 0.

    Raises BadInput without a query, or where one has no judgment.
    """
    nothing = (np.zeros(0, np.int64), np.zeros(0))
    places = {query.id: place for place, query in enumerate(traces.queries)}
    dense, sparse = (
        [own[places[query.id]] if query.id in places else nothing for query in queries]
        for own in (traces.hits("dense"), traces.hits("sparse"))
    )
    return Candidates.of(Items.of([query.id for query in queries], traces.ids, judgeable), dense, sparse)
