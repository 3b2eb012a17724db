"""Bad input gets a sentence or an empty result; the rest goes on."""

import json

import pytest

from retrieval import (
    DENSE,
    EMBEDDERS,
    STAGES,
    BadInput,
    Corpus,
    Document,
    Engine,
    LateInteraction,
    NoReranker,
    Pipeline,
    Workspace,
    evaluate,
    explain,
    read_collection,
    read_files,
    standings,
)
from retrieval.sparse import BM25_VARIANTS

CORPORA = {
    "empty": [],
    "one document": ["A relay of 24 V."],
    "one document without a word": ["?!"],
    "a document without a word among others": ["A relay.", "", " \n ", "The pump."],
    "the same document three times": ["A relay and a pump."] * 3,
}
LONG = "relay pump cabinet water " * 2_500


@pytest.fixture(scope="module", params=EMBEDDERS.values(), ids=EMBEDDERS)
def opened(request, tmp_path_factory):
    """Opens an engine of each embedder over one of the corpora."""
    workspace = Workspace(tmp_path_factory.mktemp("bad"))

    def run(name, **settings):
        documents = tuple(Document(f"d{at}", text) for at, text in enumerate(CORPORA[name]))
        return Engine.open(Corpus(name, documents), Pipeline(embedder=request.param(), **settings), workspace)

    return run


@pytest.mark.parametrize("dense", DENSE)
@pytest.mark.parametrize("reranker", [LateInteraction(), NoReranker()], ids=["late interaction", "none"])
@pytest.mark.parametrize("name", CORPORA)
def test_every_corpus_can_be_searched(opened, name, reranker, dense):
    engine = opened(name, reranker=reranker, dense=DENSE[dense]())
    for query in ("relay", "relay pump", "xyzzy"):
        trace = engine.search(query, engine.pipeline.with_(candidates=10_000))
        assert tuple(trace.rankings) == STAGES
        for ranking in trace.rankings.values():
            assert len(ranking) <= len(CORPORA[name])
        found = [row for row, text in enumerate(CORPORA[name]) if set(query.split()) & set(text.lower().replace(".", "").split())]
        assert sorted(trace.rankings["sparse"].ids) == [f"d{row}" for row in found]
        assert len(standings(engine, trace, ["d0", "d99"], engine.pipeline)) == 2
        for id in trace.rankings["fused"].ids[:1]:
            assert explain(engine, trace, id, engine.pipeline)


def test_an_empty_corpus_says_so(opened):
    trace = opened("empty").search("relay")
    assert trace.notes == ("The corpus is empty; add documents to see results.",)
    assert all(len(ranking) == 0 for ranking in trace.rankings.values())
    assert trace.total >= 0


@pytest.mark.parametrize("bm25", BM25_VARIANTS)
def test_a_document_that_is_the_whole_corpus_is_found_by_every_bm25(opened, bm25):
    engine = opened("one document", bm25=BM25_VARIANTS[bm25]())
    assert engine.search("relay").rankings["reranked"].ids == ("d0",)


@pytest.mark.parametrize("query", ["", " ", "\n\t"])
def test_an_empty_query_is_refused(engine, query):
    with pytest.raises(BadInput, match="The query is empty; type at least one word"):
        engine.search(query)


def test_half_a_character_is_refused(engine):
    with pytest.raises(BadInput, match="half a surrogate pair, which is no valid text"):
        engine.search("relay \ud83d")


def test_a_query_that_the_corpus_does_not_know_leaves_sparse_empty_and_says_so(minilm):
    trace = minilm.search("xyzzy plugh")
    assert len(trace.rankings["sparse"]) == 0
    assert trace.notes == ("No word of the query occurs in the corpus, so the sparse ranking is empty.",)
    assert trace.rankings["fused"].ids == trace.rankings["dense"].ids
    assert len(trace.rankings["dense"]) == 12


def test_a_query_without_a_word_is_searched(minilm):
    trace = minilm.search("?!")
    assert len(trace.rankings["sparse"]) == 0
    assert len(trace.rankings["dense"]) == 12


def test_a_query_of_ten_thousand_words_is_searched_and_says_what_was_read(minilm):
    trace = minilm.search(LONG)
    assert trace.notes == ("The query is longer than the embedder reads: the dense ranking sees its first 256 tokens only.",)
    assert set(trace.rankings["sparse"].ids) >= {"d00", "d02", "d04"}
    assert len(trace.rankings["reranked"]) == 12


def test_a_query_of_ten_thousand_words_is_searched_by_lsa(engine):
    assert len(engine.search(LONG).rankings["reranked"]) >= 11


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", "'; DROP TABLE judgments; --", "😀 relay", "\x00relay", "漢字", "a" * 5_000]
)
def test_any_text_is_a_query(minilm, query):
    assert len(minilm.search(query).rankings["dense"]) == 12


def write(folder, corpus, queries="", qrels=""):
    (folder / "qrels").mkdir()
    (folder / "corpus.jsonl").write_text(corpus)
    (folder / "queries.jsonl").write_text(queries)
    (folder / "qrels" / "test.tsv").write_text(qrels)


def test_a_broken_line_is_named_and_the_rest_is_read_and_searched(tmp_path, pipeline):
    rows = [json.dumps({"_id": "d1", "text": "A relay."}), '{"_id": "d2", "text":', json.dumps({"_id": "d3", "text": "A pump."})]
    write(tmp_path, "\n".join(rows), '{"_id": "q1", "text": "relay"}\nnot json\n', "q1\td1\t3\nq1\td9\t1\nq1\td3\thigh\n")
    collection = read_collection(str(tmp_path))
    assert [document.id for document in collection.documents] == ["d1", "d3"]
    assert [refusal.where for refusal in collection.refused] == [
        "corpus.jsonl line 2",
        "queries.jsonl line 2",
        "qrels/test.tsv line 2",
        "qrels/test.tsv line 3",
    ]
    engine = Engine.open(Corpus("broken", collection.documents), pipeline, Workspace(tmp_path / "home"))
    report = evaluate(engine, collection.queries, collection.judgments["test"])
    assert report.mean("sparse", "nDCG@10") == 1.0


def test_an_id_that_is_taken_is_named_and_the_first_is_kept(tmp_path):
    write(tmp_path, '{"_id": "d1", "text": "first"}\n{"_id": "d1", "text": "second"}\n')
    collection = read_collection(str(tmp_path))
    assert [document.text for document in collection.documents] == ["first"]
    assert collection.duplicates == 1
    assert str(collection.refused[0]).startswith(
        'corpus.jsonl line 2 repeats the id "d1" of corpus.jsonl line 1; the first is kept'
    )


def test_a_corpus_without_a_document_is_read_and_searched(tmp_path, pipeline):
    write(tmp_path, "")
    collection = read_collection(str(tmp_path))
    assert collection.documents == ()
    engine = Engine.open(Corpus("none", ()), pipeline, Workspace(tmp_path / "home"))
    assert engine.search("relay").notes == ("The corpus is empty; add documents to see results.",)


@pytest.mark.parametrize("name", ["nowhere", "/no/such/folder"])
def test_a_corpus_that_does_not_exist_is_refused(name):
    with pytest.raises(BadInput, match="is neither a folder nor a known corpus; known are company-policies"):
        read_collection(name)


def test_a_file_that_is_no_text_is_refused_and_the_others_go_on():
    report = read_files([("a.txt", b"\xff\xfe\x00"), ("b.exe", b"MZ"), ("c.txt", b"A relay.")])
    assert [document.text for document in report.documents] == ["A relay."]
    assert len(report.refused) == 2


def test_a_corrupt_index_is_built_again(corpus, pipeline, tmp_path):
    expected = Engine.open(corpus, pipeline, Workspace(tmp_path)).search("24 V relay").rankings
    for path in sorted((tmp_path / "indexes").glob("*/*-*/*")):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data[::-1])
        assert Engine.open(corpus, pipeline, Workspace(tmp_path)).search("24 V relay").rankings == expected, path.name
