"""What every embedder of the table must do."""

import numpy as np
import pytest

from retrieval.embedders import EMBEDDERS, encode

TEXTS = [
    "a relay with a 24 V coil",
    "the pump moves water out of the pit",
    "",
    "relay",
    "a long text about pumps, relays and cabinets that goes on " * 6,
    "one more pump for the relay",
    "漢字 and Größe",
]


@pytest.fixture(scope="module", params=EMBEDDERS.values(), ids=EMBEDDERS)
def setting(request):
    return request.param()


@pytest.fixture(scope="module")
def folder(setting, tmp_path_factory):
    folder = tmp_path_factory.mktemp("embedder")
    setting.prepare(TEXTS, folder)
    return folder


@pytest.fixture(scope="module")
def embedder(setting, folder):
    return setting.load(folder)


@pytest.mark.parametrize("role", ["query", "document"])
def test_vectors_are_float32_unit_rows(embedder, role):
    vectors = encode(embedder, TEXTS, role)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), embedder.dimensions), np.float32)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.isfinite(vectors).all()
    assert np.delete(lengths, 2) == pytest.approx(1.0, abs=1e-5)
    assert lengths[2] == pytest.approx(1.0, abs=1e-5) or lengths[2] == 0.0  # the text without content


def test_every_row_comes_exactly_once(embedder):
    texts = [f"relay number {at} " + "pump " * (at % 7) for at in range(520)]
    batches = list(embedder.batches(texts, "document"))
    assert len(batches) > 1
    assert sorted(row for batch in batches for row in batch.rows.tolist()) == list(range(520))
    assert all(batch.vectors.shape == (len(batch.rows), embedder.dimensions) for batch in batches)


def test_tokens_belong_to_their_texts(embedder):
    for batch in embedder.batches(TEXTS, "document"):
        assert len(batch.tokens.lengths) == len(batch.rows)
        assert len(batch.tokens.vectors) == len(batch.tokens.ids) == batch.tokens.lengths.sum()
        assert np.linalg.norm(batch.tokens.vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
        assert batch.tokens.ids.min() >= 0
        assert batch.tokens.ids.max() < embedder.vocabulary_size


def test_the_tokens_of_a_text_do_not_depend_on_its_batch(embedder):
    alone = next(iter(embedder.batches([TEXTS[0]], "document"))).tokens
    for batch in embedder.batches(TEXTS, "document"):
        ends = np.cumsum(batch.tokens.lengths)
        for row, end, length in zip(batch.rows, ends, batch.tokens.lengths, strict=True):
            if row == 0:
                assert batch.tokens.ids[end - length : end].tolist() == alone.ids.tolist()
                assert (batch.tokens.vectors[end - length : end] * alone.vectors).sum(1) == pytest.approx(1.0, abs=5e-3)


def test_a_token_has_a_word(embedder):
    tokens = next(iter(embedder.batches([TEXTS[0]], "document"))).tokens
    words = embedder.words(tokens.ids.tolist())
    assert len(words) == len(tokens.ids)
    assert {"relay", "coil"} <= set(words)


def test_the_order_of_the_texts_does_not_matter(embedder):
    order = np.random.default_rng(0).permutation(len(TEXTS))
    shuffled = encode(embedder, [TEXTS[row] for row in order], "document")
    assert shuffled == pytest.approx(encode(embedder, TEXTS, "document")[order], abs=1e-2)


def test_a_text_alone_is_embedded_as_in_a_batch(embedder):
    together = encode(embedder, TEXTS, "document")
    for row, text in enumerate(TEXTS):
        assert encode(embedder, [text], "document")[0] == pytest.approx(together[row], abs=1e-2)


def test_no_text_gives_no_vector(embedder):
    assert encode(embedder, [], "document").shape == (0, embedder.dimensions)
    assert list(embedder.batches([], "query")) == []


@pytest.mark.parametrize("texts", [["a single relay"], [""], []], ids=["one", "wordless", "none"])
def test_the_smallest_corpora_can_be_learned_from(setting, texts, tmp_path):
    setting.prepare(texts, tmp_path)
    embedder = setting.load(tmp_path)
    vectors = encode(embedder, texts, "document")
    assert vectors.shape == (len(texts), embedder.dimensions)
    assert np.isfinite(vectors).all()
    assert np.isfinite(encode(embedder, ["a relay"], "query")).all()


def test_loading_again_gives_equal_vectors(setting, folder, embedder):
    again = setting.load(folder)
    assert again is not embedder
    assert np.array_equal(encode(again, TEXTS, "query"), encode(embedder, TEXTS, "query"))


def test_the_tokenizer_gives_the_place_of_every_token_that_it_counts(setting):
    tokenizer = setting.tokenizer()
    spans = [tokenizer.spans(text) for text in TEXTS]
    assert tokenizer.counts(TEXTS).tolist() == [len(found) for found in spans]
    for text, found in zip(TEXTS, spans, strict=True):
        assert found.shape == (len(found), 2)
        assert ((found[:, 0] < found[:, 1]) & (found[:, 1] <= len(text))).all()
        assert (np.diff(found, axis=0) >= 0).all()
    assert tokenizer.counts([]).shape == (0,)
    assert setting.tokenizer_name == type(setting)().tokenizer_name != ""


def test_no_text_has_more_tokens_than_the_tokenizer_says(setting, embedder):
    tokenizer = setting.tokenizer()
    for batch in embedder.batches(TEXTS, "document"):
        expected = tokenizer.counts([TEXTS[row] for row in batch.rows.tolist()]) + tokenizer.added
        assert (batch.tokens.lengths <= expected).all()
        assert batch.tokens.lengths.max() == expected.max()  # the longest text has only words that LSA has learned


def test_a_setting_is_a_frozen_value(setting):
    assert setting == type(setting)()
    assert hash(setting) == hash(type(setting)())
