"""No network, a workspace of its own for every test, and small corpora, engines and models that the tests make themselves."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # read when the hub's library is imported
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import string
from dataclasses import replace
from types import SimpleNamespace

import pytest

from retrieval import LSA, Corpus, Document, Engine, Pipeline, Workspace
from tests.postgres import running

DOCUMENTS = (
    Document("d00", "A plug-in relay with a 24 V coil. It is sealed against water and survives a wash-down.", "KX7.24-R2 relay"),
    Document("d01", "A plug-in relay with a 48 V coil for dry cabinets. Discontinued in 2021.", "KX7.48-R1 relay"),
    Document("d02", "The pump moves water out of the pit. Its motor is sealed and the pump runs dry for an hour.", "Drain pump"),
    Document("d03", "Two cores and a screen, sold by the metre. The cable resists oil.", "Screened cable"),
    Document("d04", "An anti-condensation heater keeps droplets out of the cabinet.", "Cabinet heater"),
    Document("d05", "Five amperes at 24 V from the DIN rail. The power supply has a DC OK contact.", "VDN-2405 power supply"),
    Document("d06", "Ten amperes at 24 V from the DIN rail. The power supply has a wide input.", "VDN-2410-X power supply"),
    Document("d07", "A managed switch with eight ports feeds cameras over the cable. It runs from 48 V.", "PoE switch"),
    Document("d08", "The sensor sees metal at eight millimetres and is sealed to IP67.", "Proximity sensor"),
    Document("d09", "The enclosure of steel has a door, a lock and a plate for the rail.", "Steel cabinet"),
    Document("d10", "", "Untitled"),
    Document("d11", "The relay base fits the rail. Order the coil apart.", "KX7 base"),
)
QUERIES = (
    "24 V relay",
    "KX7.24-R2",
    "water droplets in the cabinet",
    "what survives a wash-down",
    "power supply of ten amperes",
    "pump pump water",
    "sealed sensor for metal",
    "rail",
    "xyzzy plugh",
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Nothing outside the test's own folder is written or read."""
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PLAYGROUND_CORPORA", raising=False)
    monkeypatch.delenv("PLAYGROUND_DATABASE_URL", raising=False)
    return tmp_path / "home"


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server for the tests; whoever needs it is skipped where none is installed."""
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_home(request, home, monkeypatch):
    """A home without anything in it, on each of the databases."""
    if request.param == "sqlite":
        yield home
        return
    with request.getfixturevalue("postgres").database() as url:
        monkeypatch.setenv("PLAYGROUND_DATABASE_URL", url)
        yield home


@pytest.fixture(scope="session")
def corpus():
    return Corpus("small", DOCUMENTS)


@pytest.fixture(scope="session")
def queries():
    return QUERIES


@pytest.fixture(scope="session")
def pipeline():
    """Everything default but the embedder, which is learned in a moment."""
    return Pipeline(embedder=LSA(8))


@pytest.fixture(scope="session")
def engine(corpus, pipeline, tmp_path_factory):
    return Engine.open(corpus, pipeline, Workspace(tmp_path_factory.mktemp("lsa")))


@pytest.fixture(scope="session")
def minilm(corpus, tmp_path_factory):
    """The default pipeline over the same corpus."""
    return Engine.open(corpus, Pipeline(), Workspace(tmp_path_factory.mktemp("minilm")))


class Spy:
    """An embedder that notes the texts of every call."""

    def __init__(self, embedder):
        self._embedder = embedder
        self.calls = []

    def batches(self, texts, role):
        self.calls.append((role, list(texts)))
        return self._embedder.batches(texts, role)

    def __getattr__(self, name):
        return getattr(self._embedder, name)


@pytest.fixture
def spied(engine):
    """The engine again, with an embedder that can be watched."""
    spy = Spy(engine.indexes.embedding.embedder)
    indexes = replace(engine.indexes, embedding=replace(engine.indexes.embedding, embedder=spy))
    return Engine(engine.corpus, engine.pipeline, indexes), spy


@pytest.fixture(scope="session")
def bert(tmp_path_factory):
    """The parts of a BERT of two layers and width 32 that knows letters and a few words."""
    torch = pytest.importorskip("torch")
    from transformers import BertConfig, BertTokenizer

    folder = tmp_path_factory.mktemp("bert")
    characters = string.ascii_lowercase + string.digits + ":.,-"
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *characters,
        *(f"##{letter}" for letter in characters),
        "relay",
        "pump",
    ]
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = BertConfig(vocab_size=len(words), max_position_embeddings=64, **sizes)
    return SimpleNamespace(config=config, tokenizer=BertTokenizer(vocab=str(folder / "vocab.txt")))


@pytest.fixture(scope="session")
def tiny_embedder(bert, tmp_path_factory):
    """The folder of a sentence-transformers model with random weights that declares prompts."""
    from sentence_transformers import SentenceTransformer
    from transformers import BertModel

    plain, folder = tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("embedder")
    BertModel(bert.config).save_pretrained(plain)
    bert.tokenizer.save_pretrained(plain)
    model = SentenceTransformer(str(plain))
    model.prompts = {"query": "query: ", "passage": "passage: "}
    model.save(str(folder))
    return str(folder)


@pytest.fixture(scope="session")
def tiny_cross_encoder(bert, tmp_path_factory):
    """Makes the folder of a cross-encoder with random weights; `bias` is added to its score."""
    import torch
    from transformers import BertForSequenceClassification

    def make(outputs=1, bias=0.0):
        folder = tmp_path_factory.mktemp("cross-encoder")
        bert.config.num_labels = outputs
        model = BertForSequenceClassification(bert.config)
        torch.nn.init.normal_(model.classifier.weight)
        torch.nn.init.constant_(model.classifier.bias, bias)
        model.save_pretrained(folder)
        bert.tokenizer.save_pretrained(folder)
        return str(folder)

    return make
