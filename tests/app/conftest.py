"""A small corpus of its own and a workspace of its own for every test of a page."""

import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from retrieval import experiments, judging
from tests.app.driving import ROOT, ran
from tests.app.experiments_page import QUERIES_OF_MINE, evaluation

DOCUMENTS = [
    {"_id": "d1", "title": "KX7 relay", "text": "A plug-in relay with a 24 V coil. It is sealed against water."},
    {"_id": "d2", "title": "KX8 relay", "text": "A plug-in relay with a 48 V coil for dry cabinets."},
    {"_id": "d3", "title": "Pump <b>guide</b>", "text": "Hosing down the <i>pump</i> is allowed; :smile: its motor is sealed."},
    {"_id": "d4", "title": "Cable", "text": "Two cores and a screen."},
]
QUERIES = [
    {"_id": "q1", "text": "24 V relay", "class": "numeric"},
    {"_id": "q2", "text": "survives wash-down", "class": "paraphrase"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t3\nq1\td2\t1\nq2\td1\t2\nq2\td3\t2\n"


@pytest.fixture(autouse=True)
def corpora(tmp_path, monkeypatch):
    """Three corpora: one judged, one without queries, one empty."""
    write(tmp_path / "corpora" / "shop", DOCUMENTS, QUERIES, QRELS)
    write(tmp_path / "corpora" / "bare", DOCUMENTS[:1], [], None)
    write(tmp_path / "corpora" / "void", [], [], None)
    monkeypatch.setenv("PLAYGROUND_CORPORA", str(tmp_path / "corpora"))
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    st.cache_resource.clear()
    st.cache_data.clear()
    yield tmp_path
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def home(corpora):
    """Where the page under test stores."""
    return corpora / "home"


@pytest.fixture
def sets(home):
    return judging.QuerySets(home)


@pytest.fixture
def verdicts(home):
    return judging.JudgmentStore(home)


@pytest.fixture
def pipelines(home):
    return experiments.PipelineStore(home)


@pytest.fixture
def experiment_store(home):
    return experiments.ExperimentStore(home)


@pytest.fixture
def judged(sets, verdicts):
    """Make a query set over the shop: queries, and grades by query and document."""

    def make(name, queries, grades):
        record = sets.create("shop", name, queries)
        words = [judging.Verdict(query, document, grade) for (query, document), grade in grades.items()]
        if words:
            verdicts.give(record.key, words)
        return record

    return make


@pytest.fixture
def mine(judged):
    """A judged set over the shop, on which experiments were made."""
    return judged("Mine", QUERIES_OF_MINE, {("q1", "d1"): 3, ("q2", "d3"): 2, ("q3", "d4"): 1})


@pytest.fixture
def keep(experiment_store, mine):
    """Keep an evaluation of one run on that set."""
    return lambda *given, **changes: experiment_store.save(evaluation(mine, *given, **changes))


def write(folder, documents, queries, qrels):
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in documents))
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries))
    if qrels is not None:
        (folder / "qrels" / "test.tsv").write_text(qrels)


@pytest.fixture
def opened():
    """Open the app with URL parameters, by default with the embedder that is learned in a moment."""

    def run(**parameters):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for name, value in {"corpus": "shop", "embedder": "LSA", **parameters}.items():
            app.query_params[name] = value
        return ran(app)

    return run
