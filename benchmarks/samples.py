"""Pools for judging a corpus, and what the stages score on it per class.

python benchmarks/samples.py pool FOLDER > pool.jsonl     the top 20 of every stage for each query, rank and source hidden
python benchmarks/samples.py measure FOLDER               a Markdown table of nDCG@10 per class and stage
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from retrieval import STAGES, Corpus, Engine, Pipeline, Workspace, comparing, evaluate, read_collection

DEPTH = 20


def open_engine(folder: str):
    collection = read_collection(folder)
    return Engine.open(Corpus(Path(folder).name, collection.documents), Pipeline(), Workspace()), collection


def pool(folder: str) -> None:
    engine, collection = open_engine(folder)
    for query in collection.queries:
        trace = engine.search(query.text)
        rankings = [trace.rankings[stage].by_document(engine.document_of).top(DEPTH) for stage in STAGES]
        ids = sorted({id for ranking in rankings for id in ranking.ids})
        print(json.dumps({"query_id": query.id, "class": query.category, "text": query.text, "pool": ids}, ensure_ascii=False))


def measure(folder: str) -> None:
    engine, collection = open_engine(folder)
    judgments = [judgment for split in collection.judgments.values() for judgment in split]
    report = evaluate(engine, collection.queries, judgments, ("nDCG@10", "R@10", "Judged@10"))
    table = comparing.class_table(report, "nDCG@10")
    print("| class | queries | " + " | ".join(STAGES) + " |\n|---|---|" + "---|" * len(STAGES))
    for at in sorted(range(len(table.classes)), key=lambda at: table.classes[at]):
        means = " | ".join(f"{mean:.3f}" for mean in table.means[:, at])
        print(f"| {table.classes[at]} | {table.counts[at]} | {means} |")
    for metric in report.metrics:
        means = " | ".join(f"**{report.mean(stage, metric):.3f}**" for stage in STAGES)
        print(f"| **all, {metric}** | {len(report.queries)} | {means} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["pool", "measure"])
    parser.add_argument("folder")
    arguments = parser.parse_args()
    {"pool": pool, "measure": measure}[arguments.what](arguments.folder)
