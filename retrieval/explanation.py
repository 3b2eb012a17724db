"""Why a result stands where it stands: every number behind its place, from the same functions that ranked it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.dense import exact_search
from retrieval.embedders import encode
from retrieval.engine import Engine, Finished
from retrieval.fusion import Term
from retrieval.pipeline import Pipeline
from retrieval.rerankers import LateInteractionReranker, blend, z_scores
from retrieval.sparse import Contribution
from retrieval.types import Trace

SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?。！？]*")
MAX_SENTENCES = 60


@dataclass(frozen=True)
class TokenMatch:
    """A query token of late interaction: its weight, its best cosine in the text, and their product."""

    token: str
    weight: float
    cosine: float

    @property
    def contribution(self) -> float:
        return self.weight * self.cosine


@dataclass(frozen=True)
class Blending:
    """How a reranked score came about, within the candidates of the query."""

    fused: float
    fused_z: float
    reranker: float
    reranker_z: float
    weight: float
    score: float


@dataclass(frozen=True)
class Explanation:
    """All of it for one chunk. `blending` is None where the chunk was not reranked, `sentence` where the text has none."""

    bm25: tuple[Contribution, ...]
    cosine: float
    sentence: str | None
    sentence_cosine: float
    fusion: tuple[Term, ...]
    tokens: tuple[TokenMatch, ...]
    blending: Blending | None


def explain(engine: Engine, trace: Trace, chunk_id: str, pipeline: Pipeline) -> Explanation:
    """Explain the place of `chunk_id` in `trace`, which `engine` made with `pipeline`."""
    row = engine.row_of[chunk_id]
    batch, _ = engine.embed(trace.query)
    vector = batch.vectors[0]
    sentences = split_sentences(engine.chunk(chunk_id).text)
    sentence, cosine = best_sentence(engine, vector, sentences)
    inputs = (trace.rankings["dense"], trace.rankings["sparse"])
    terms = pipeline.analyser.terms(trace.query)
    return Explanation(
        bm25=tuple(engine.indexes.sparse.contributions(terms, row, pipeline.bm25)),
        cosine=float(engine.indexes.embedding.vectors[row] @ vector),
        sentence=sentence,
        sentence_cosine=cosine,
        fusion=pipeline.fusion.explain(inputs, pipeline.weights, chunk_id),
        tokens=token_matches(engine, trace, chunk_id, pipeline),
        blending=_blending(engine, trace, chunk_id, pipeline),
    )


def split_sentences(text: str) -> list[str]:
    """Sentences with a word in them, at most 60; good enough to point at a passage."""
    found = (match.group().strip() for match in SENTENCE.finditer(text))
    return [sentence for sentence in found if re.search(r"\w", sentence)][:MAX_SENTENCES]


def best_sentence(engine: Engine, vector: np.ndarray, sentences: Sequence[str]) -> tuple[str | None, float]:
    """The sentence of largest cosine with the query's vector."""
    if not sentences:
        return None, 0.0
    cosines = encode(engine.indexes.embedding.embedder, sentences, "document") @ vector
    best = int(np.argmax(cosines))
    return sentences[best], float(cosines[best])


def token_matches(engine: Engine, trace: Trace, chunk_id: str, pipeline: Pipeline) -> tuple[TokenMatch, ...]:
    """What each query token, and the whole text, add to a late-interaction score; empty where there is none.

    The contributions sum to the reranker's score.
    """
    batch, _ = engine.embed(trace.query)
    reranker = engine.reranker(pipeline)
    pool = trace.rankings["fused"].top(pipeline.rerank_count)
    if not isinstance(reranker, LateInteractionReranker) or batch.tokens is None or chunk_id not in pool.ranks:
        return ()
    rows = np.array([engine.row_of[id] for id in pool.ids])
    maxima = reranker.maxima(batch.tokens, rows)
    whole = reranker.setting.whole
    weights = ((1 - whole) * reranker.weights(batch.tokens, maxima)).tolist()
    words = engine.indexes.embedding.embedder.words(batch.tokens.ids.tolist())
    matches = zip(words, weights, maxima[pool.ranks[chunk_id] - 1].tolist(), strict=True)
    cosine = float(engine.indexes.embedding.vectors[engine.row_of[chunk_id]] @ batch.vectors[0])
    return (*(TokenMatch(*values) for values in matches), TokenMatch("the whole text", whole, cosine))


def _blending(engine: Engine, trace: Trace, chunk_id: str, pipeline: Pipeline) -> Blending | None:
    pool = trace.rankings["fused"].top(pipeline.rerank_count)
    scores = trace.reranker_scores
    if scores is None or chunk_id not in scores:
        return None
    at = pool.ids.index(chunk_id)
    fused = np.array(pool.scores)
    reranked = np.array([scores[id] for id in pool.ids])
    return Blending(
        fused=float(fused[at]),
        fused_z=float(z_scores(fused)[at]),
        reranker=float(reranked[at]),
        reranker_z=float(z_scores(reranked)[at]),
        weight=pipeline.blend,
        score=float(blend(fused, reranked, pipeline.blend)[at]),
    )


@dataclass(frozen=True)
class Standing:
    """Where a document stands in each stage, one-based; None where the stage does not hold it at all.

    Dense and sparse ranks run over the whole corpus, beyond the candidates. `fused` and `reranked` know candidates only.
    """

    document_id: str
    dense: int | None
    sparse: int | None
    fused: int | None
    reranked: int | None


def standings(
    engine: Engine, trace: Trace, document_ids: Sequence[str], pipeline: Pipeline, finished: Finished | None = None
) -> list[Standing]:
    """The standing of each of `document_ids` for the query of `trace`; documents that the corpus lacks stand nowhere."""
    batch, _ = engine.embed(trace.query, finished)
    vectors = engine.indexes.embedding.vectors
    dense, _ = exact_search(vectors, batch.vectors[0], len(vectors))
    terms = pipeline.analyser.terms(trace.query)
    everything = max(len(engine.indexes.chunks), 1)
    rows, _ = engine.indexes.sparse.search(terms, everything, pipeline.bm25)
    rankings = {
        "dense": _document_ranks(engine, dense.tolist()),
        "sparse": _document_ranks(engine, rows.tolist()),
    }
    for stage in ("fused", "reranked"):
        rankings[stage] = dict(trace.rankings[stage].by_document(engine.document_of).ranks)
    return [Standing(id, **{stage: ranks.get(id) for stage, ranks in rankings.items()}) for id in document_ids]


def _document_ranks(engine: Engine, rows: Sequence[int]) -> dict[str, int]:
    """One-based document ranks from chunk rows, best first: a document stands where its best chunk does."""
    ranks: dict[str, int] = {}
    for row in rows:
        ranks.setdefault(engine.indexes.chunks[row].document_id, len(ranks) + 1)
    return ranks
