"""A small corpus of its own and a workspace of its own for every test of a page."""

import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from retrieval import judging

ROOT = Path(__file__).resolve().parents[2]

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
        app.run()
        assert not app.exception, app.exception
        return app

    return run
