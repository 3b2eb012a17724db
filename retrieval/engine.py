"""A pipeline with its built indexes: the only place that composes the stages of a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.dense import HNSW, Hits, exact_search
from retrieval.embedders import Batch
from retrieval.errors import BadInput
from retrieval.indexes import Indexes, index_key, open_indexes
from retrieval.memo import Memo, timed
from retrieval.passages import Piece, passage
from retrieval.pipeline import Pipeline
from retrieval.rerankers import Request, Reranker, blend
from retrieval.types import Chunk, Corpus, Progress, Ranking, Trace, unheard
from retrieval.workspace import Workspace

MEMO_SIZE = 512


@dataclass
class Finished:
    """Steps that earlier searches of an engine finished: query embeddings, hits, reranker scores by chunk row, passages."""

    embedded: Memo[Batch] = field(default_factory=lambda: Memo(MEMO_SIZE))
    hits: Memo[Hits] = field(default_factory=lambda: Memo(MEMO_SIZE))
    scores: Memo[dict[int, tuple[float, float]]] = field(default_factory=lambda: Memo(MEMO_SIZE))
    passages: Memo[tuple[Piece, ...]] = field(default_factory=lambda: Memo(16 * MEMO_SIZE))


class Engine:
    """A corpus with the indexes of a pipeline. Live settings are given with every search."""

    def __init__(self, corpus: Corpus, pipeline: Pipeline, indexes: Indexes) -> None:
        self.corpus = corpus
        self.pipeline = pipeline
        self.indexes = indexes
        self.row_of: Mapping[str, int] = {id: row for row, id in enumerate(indexes.chunks.table.ids)}
        self.document_of: Mapping[str, str] = indexes.chunks.document_of
        self._legs = ThreadPoolExecutor(max_workers=2, thread_name_prefix="leg")

    @classmethod
    def open(cls, corpus: Corpus, pipeline: Pipeline, workspace: Workspace, progress: Progress = unheard) -> Engine:
        """Load what is built and build what is missing. Raises `ModelUnavailable` where a model cannot be had."""
        engine = cls(corpus, pipeline, open_indexes(corpus, pipeline, workspace, progress))
        engine.search("warm up")  # compiled kernels and the model's first pass would otherwise be charged to the first query
        return engine

    def chunk(self, id: str) -> Chunk:
        """The chunk with `id`."""
        return self.indexes.chunks[self.row_of[id]]

    def fits(self, pipeline: Pipeline) -> bool:
        """Whether these indexes serve `pipeline`, that is, whether it differs in live settings only."""
        return index_key(self.corpus, pipeline) == index_key(self.corpus, self.pipeline)

    def search(self, text: str, pipeline: Pipeline | None = None, finished: Finished | None = None) -> Trace:
        """Run one query through every stage.

        `pipeline` may differ from the engine's in live settings. With `finished`, steps that an earlier search did are not done
        again, and their seconds are those of that time; without it everything is computed and measured now.
        """
        pipeline = pipeline or self.pipeline
        if not text.strip():
            raise BadInput("The query is empty; type at least one word.")
        if not _is_unicode(text):
            raise BadInput("The query holds half a surrogate pair, which is no valid text; type it again.")
        if not self.fits(pipeline):
            raise BadInput("The engine was built with another chunker, embedder, analyser or graph; open one for this pipeline.")
        steps = finished or Finished()
        sparse_leg = self._legs.submit(
            steps.hits.get, (pipeline.fingerprint("bm25", "candidates"), text), lambda: self._sparse(text, pipeline)
        )
        batch, embed_seconds = self.embed(text, steps)
        dense_key = (pipeline.fingerprint("dense", "candidates"), text)
        dense, dense_seconds = steps.hits.get(dense_key, lambda: self.dense_hits(batch.vectors[0], pipeline, pipeline.candidates))
        sparse, sparse_seconds = sparse_leg.result()
        rankings = {"dense": self._ranking(dense), "sparse": self._ranking(sparse)}
        fused, fuse_seconds = timed(lambda: pipeline.fusion.fuse((rankings["dense"], rankings["sparse"]), pipeline.weights))
        reranked, scores, rerank_seconds = self._rerank(text, batch, fused, pipeline, steps)
        seconds = {"embed": embed_seconds, "dense": dense_seconds, "sparse": sparse_seconds, "fused": fuse_seconds}
        return Trace(
            query=text,
            rankings=rankings | {"fused": fused, "reranked": reranked},
            seconds=seconds | {"reranked": rerank_seconds},
            reranker_scores=scores,
            notes=self._notes(batch, sparse),
        )

    def embed(self, text: str, finished: Finished | None = None) -> tuple[Batch, float]:
        """The query's vector and token vectors, and the seconds."""
        embedder = self.indexes.embedding.embedder
        return (finished or Finished()).embedded.get(text, lambda: next(iter(embedder.batches([text], "query"))))

    def passage(self, chunk_id: str, query: str, width: int, finished: Finished | None = None) -> tuple[Piece, ...]:
        """About `width` characters of a chunk around the words of `query`, matched pieces apart."""

        def cut() -> tuple[Piece, ...]:
            analyser, text = self.pipeline.analyser, self.chunk(chunk_id).text
            return passage(text, analyser.tokens(text), frozenset(analyser.terms(query)), width)

        return (finished or Finished()).passages.get((chunk_id, query, width), cut)[0]

    def dense_hits(self, vector: NDArray[np.float32], pipeline: Pipeline, k: int) -> Hits:
        """The `k` nearest rows of a query vector by the pipeline's dense setting."""
        vectors = self.indexes.embedding.vectors
        if isinstance(pipeline.dense, HNSW) and self.indexes.graph is not None:
            return self.indexes.graph.search(vectors, vector, k, pipeline.dense)
        return exact_search(vectors, vector, k)

    def _sparse(self, text: str, pipeline: Pipeline) -> Hits:
        return self.indexes.sparse.search(pipeline.analyser.terms(text), pipeline.candidates, pipeline.bm25)

    def _ranking(self, hits: Hits) -> Ranking:
        rows, scores = hits
        ids = self.indexes.chunks.table.ids
        return Ranking(tuple(ids[row] for row in rows), tuple(scores.astype(float).tolist()))

    def _rerank(
        self, text: str, batch: Batch, fused: Ranking, pipeline: Pipeline, steps: Finished
    ) -> tuple[Ranking, dict[str, float] | None, float]:
        """The first `rerank_count` of `fused` by the blend of both scores; candidates scored before are not scored again."""
        reranker = self.reranker(pipeline)
        pool = fused.top(pipeline.rerank_count)
        if reranker is None or not len(pool):
            return pool, None, 0.0
        rows = np.array([self.row_of[id] for id in pool.ids])
        known: dict[int, tuple[float, float]] = {}
        if reranker.independent:
            known, _ = steps.scores.get((pipeline.fingerprint("reranker"), text), dict)
        missing = np.array([row for row in rows.tolist() if row not in known], np.int64)
        if len(missing):
            [scores], seconds = self.rerank_scores(pipeline, text, batch, missing, (len(missing),))
            each = seconds / len(missing)
            known.update((row, (score, each)) for row, score in zip(missing.tolist(), scores.tolist(), strict=True))
        scored = np.array([known[row][0] for row in rows.tolist()])
        ranking, seconds = timed(lambda: Ranking.of(pool.ids, blend(np.array(pool.scores), scored, pipeline.blend)))
        seconds += sum(known[row][1] for row in rows.tolist())
        return ranking, dict(zip(pool.ids, scored.tolist(), strict=True)), seconds

    def reranker(self, pipeline: Pipeline) -> Reranker | None:
        """The pipeline's reranker over this corpus; None where it has none or the corpus is empty."""
        return pipeline.reranker.load(self.indexes.embedding.tokens) if self.indexes.chunks else None

    def rerank_scores(
        self, pipeline: Pipeline, text: str, batch: Batch, rows: NDArray[np.int64], counts: Sequence[int]
    ) -> tuple[list[NDArray[np.float32]], float]:
        """What the pipeline's reranker gives the chunks `rows`, for each count the first so many alone, and the seconds.

        Raises BadInput where a score is not a finite number.
        """
        reranker = self.reranker(pipeline)
        if reranker is None:
            return [np.zeros(0, np.float32) for _ in counts], 0.0

        def scored() -> list[NDArray[np.float32]]:
            texts = [self.indexes.chunks[row].content for row in rows]
            cosines = self.indexes.embedding.vectors[rows] @ batch.vectors[0]
            return reranker.prefixes(Request(text, batch.tokens, rows, texts, cosines), counts)

        scores, seconds = timed(scored)
        if not all(np.isfinite(own).all() for own in scores):
            name = getattr(pipeline.reranker, "model", type(pipeline.reranker).__name__)
            raise BadInput(f"The reranker {name} gave this query a score that is not a finite number; choose another one.")
        return scores, seconds

    def _notes(self, batch: Batch, sparse: Hits) -> tuple[str, ...]:
        limit: Any = getattr(self.indexes.embedding.embedder, "max_tokens", None)
        notes = []
        if not self.indexes.chunks:
            notes.append("The corpus is empty; add documents to see results.")
        elif not len(sparse[0]):
            notes.append("No word of the query occurs in the corpus, so the sparse ranking is empty.")
        if limit is not None and batch.tokens is not None and len(batch.tokens.ids) >= limit:
            notes.append(f"The query is longer than the embedder reads: the dense ranking sees its first {limit} tokens only.")
        return tuple(notes)


def _is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8; tokenizers fail where it cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
