"""First-stage recall: how much of what is relevant reaches the reranker, for comparing chunkers and embedders."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.judgeable import Judgeable
from retrieval.metrics import score_rankings
from retrieval.types import Ranking


def recall_at(rankings: Mapping[str, Ranking], judgeable: Judgeable, depth: int) -> dict[str, float]:
    """The share of a query's relevant documents or places (grade 1 or more) that its first `depth` chunks hold, by query id.

    `rankings` are of chunks, as the reranker gets them. R@depth looks at `depth` documents instead, for which it goes further
    down the more chunks the documents are cut into, further than the reranker does. Raises KeyError for an unjudged query.
    """
    seen = {query: judgeable.ranking(query, ranking.top(depth)) for query, ranking in rankings.items()}
    return score_rankings(seen, {query: judgeable.grades[query] for query in rankings}, ("R",))["R"]
