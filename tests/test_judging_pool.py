"""Pools and their orders by hand, progress against ir-measures, runs of other systems in the TREC format."""

import ir_measures
import numpy as np
import pytest
from ir_measures import Judged, Qrel, ScoredDoc

from retrieval.errors import BadSetting
from retrieval.judging.ordering import ORDERS, informativeness, most_informative, queue, shuffled
from retrieval.judging.pool import document_rankings, pool
from retrieval.judging.progress import Progress, judged_documents, progress
from retrieval.judging.runs import read_run
from retrieval.judging.sources import IMPORTED, KNOWN_ITEM, SOURCES, SYNTHETIC, is_synthetic, without_synthetic
from retrieval.judging.verdicts import Verdict
from retrieval.types import Query, Ranking


def ranked(text):
    """A ranking of one-letter documents in this order."""
    return Ranking.of(text, range(len(text), 0, -1))


def test_a_pool_is_the_union_of_the_tops():
    found = pool("q", {"dense": ranked("edcb"), "sparse": ranked("eadz"), "run": Ranking()}, depth=2)
    assert found.documents == ("a", "d", "e")
    assert found.left({"d", "x"}) == ("a", "e")


def test_the_depth_is_at_least_1():
    with pytest.raises(BadSetting, match="depth of the pool is 0 and must be at least 1"):
        pool("q", {"dense": ranked("ab")}, depth=0)


def test_rankings_of_chunks_become_rankings_of_documents():
    chunks = Ranking(("b#1", "a#0", "b#0"), (3.0, 2.0, 1.0))
    assert document_rankings({"dense": chunks}, {"a#0": "a", "b#0": "b", "b#1": "b"}) == {
        "dense": Ranking(("b", "a"), (3.0, 2.0))
    }


def test_informativeness_by_hand():
    """1 / log2(1 + rank) is 1 at rank 1, 1/2 at rank 3, 1/3 at rank 7."""
    rankings = {"dense": ranked("abcdefg"), "sparse": ranked("axcyzug")}
    found = pool("q", rankings, depth=10)
    assert informativeness(found, "a") == 1.0  # agreed at rank 1
    assert informativeness(found, "c") == 0.5
    assert informativeness(found, "g") == pytest.approx(1 / 3)
    assert informativeness(found, "b") == informativeness(found, "x") == pytest.approx(2 / np.log2(3))
    assert informativeness(pool("q", {"dense": ranked("ab"), "sparse": ranked("cad")}), "d") == 1.0
    assert informativeness(pool("q", {}), "a") == 0.0


def test_the_most_informative_come_first():
    found = pool("q", {"dense": ranked("abcd"), "sparse": ranked("axyd")})
    order = most_informative(found, "set", "ann")
    assert set(order[:2]) == {"b", "x"}  # at rank 2 of one alone
    assert set(order[2:5]) == {"a", "c", "y"}  # at rank 1 of both, at rank 3 of one alone
    assert order[5:] == ("d",)  # at rank 4 of both


def test_with_one_ranking_the_most_informative_follow_it():
    assert most_informative(pool("q", {"dense": ranked("dbca")}), "set", "ann") == tuple("dbca")


def test_a_shuffle_is_stable_and_differs_between_raters_queries_and_sets():
    found = pool("q1", {"dense": ranked("abcdefghijklmnop")})
    order = shuffled(found, "set", "ann")
    assert order == shuffled(pool("q1", {"sparse": ranked("ponmlkjihgfedcba")}), "set", "ann")
    others = [shuffled(found, "set", "bob"), shuffled(found, "other", "ann"), shuffled(pool("q2", found.rankings), "set", "ann")]
    assert len({order, *others}) == 4
    assert all(sorted(other) == sorted(order) for other in others)
    assert shuffled(found, "set", "ann")[:6] == ("d", "i", "a", "p", "b", "o")  # the same in the next process


def test_a_shuffle_stays_where_documents_enter_and_leave():
    more, fewer = pool("q", {"dense": ranked("abcdefgh")}), pool("q", {"dense": ranked("aceg")})
    assert [document for document in shuffled(more, "set", "ann") if document in "aceg"] == list(shuffled(fewer, "set", "ann"))


def test_a_shuffle_hides_the_rank():
    """The mean rank at each place of the queue is that of all documents, over 400 queries."""
    ids = "abcdefghij"
    places = np.array(
        [[ids.index(document) for document in shuffled(pool(f"q{at}", {"s": ranked(ids)}), "set", "ann")] for at in range(400)]
    )
    assert np.abs(places.mean(axis=0) - 4.5).max() < 0.6  # the standard error is 0.14


@pytest.mark.parametrize("order", ORDERS)
def test_judged_documents_leave_the_queue_and_put_off_ones_come_last(order):
    found = pool("q", {"dense": ranked("abcdef"), "sparse": ranked("fedcba")})
    whole = queue(found, (), "set", "ann", order)
    left = queue(found, {"a", "d", "gone"}, "set", "ann", order, later=["f", "a", "b", "zzz"])
    assert sorted(whole) == list("abcdef")
    assert left[-2:] == ("f", "b")
    assert list(left[:-2]) == [document for document in whole if document in "ce"]


def test_an_unknown_order_is_refused():
    with pytest.raises(BadSetting, match='order "by rank" is not known; choose one of shuffled, most informative first'):
        queue(pool("q", {"dense": ranked("ab")}), (), "set", "ann", "by rank")


def test_progress_by_hand():
    found = pool("q1", {"dense": ranked("abcdefghijklm"), "sparse": ranked("xa"), "run": Ranking()}, depth=5)
    assert progress(found, {"a", "x", "k", "zz"}) == Progress(2, 4, {"dense": 0.1, "sparse": 1.0, "run": 0.0})
    assert progress(found, ()) == Progress(0, 6, {"dense": 0.0, "sparse": 0.0, "run": 0.0})


def test_the_judged_share_is_that_of_ir_measures():
    random = np.random.default_rng(5)
    documents = [f"d{at:02}" for at in range(40)]
    qrels, runs, parts = [], {"dense": [], "sparse": []}, []
    for query in map(str, range(25)):
        judged = random.choice(documents, 9, replace=False).tolist()
        qrels += [Qrel(query, document, int(random.integers(0, 4))) for document in judged]
        rankings = {}
        for stage, run in runs.items():
            size = int(random.integers(1, 30))
            rankings[stage] = Ranking.of(random.choice(documents, size, replace=False).tolist(), random.permutation(size))
            run += [ScoredDoc(query, id, score) for id, score in zip(rankings[stage].ids, rankings[stage].scores, strict=True)]
        parts.append(progress(pool(query, rankings), judged))
    for stage, run in runs.items():
        share = np.mean([part.shares[stage] for part in parts])
        assert share == pytest.approx(ir_measures.calc_aggregate([Judged @ 10], qrels, run)[Judged @ 10])
        assert 0.1 < share < 0.5


def test_what_counts_as_judged():
    words = [
        Verdict("q", "a", 0, rater="ann"),
        Verdict("q", "b", None, cant_tell=True, rater="ann"),
        Verdict("q", "c", None, rater="ann"),
        Verdict("q", "d", 3, start=2, end=9, rater="bob"),
        Verdict("r", "a", 1, rater="bob"),
    ]
    assert judged_documents(words) == {"q": {"a", "b", "d"}, "r": {"a"}}
    assert judged_documents(words, "ann") == {"q": {"a", "b"}}
    assert judged_documents(words, cant_tell=False) == {"q": {"a", "d"}, "r": {"a"}}


RUN = b"""q1 Q0 a 1 2.5 prod
q1\tQ0\tb  2 2.5 prod
q1 Q0 c 3 9e0 prod

q2 Q0 a 1 -1 prod
"""


def test_a_run_is_ordered_by_score_and_then_by_id():
    run = read_run("prod.run", RUN)
    assert run.rankings == {"q1": Ranking(("c", "a", "b"), (9.0, 2.5, 2.5)), "q2": Ranking(("a",), (-1.0,))}
    assert (run.tag, run.rows, run.refused) == ("prod", 4, ())


def test_a_run_is_read_as_ir_measures_reads_it(tmp_path):
    random = np.random.default_rng(1)
    lines = [f"q{at % 7} Q0 d{at} {at} {random.normal():.6f} tag" for at in range(200)]
    (tmp_path / "a.run").write_text("\n".join(lines) + "\n", encoding="utf-8")
    theirs = list(ir_measures.read_trec_run(str(tmp_path / "a.run")))
    ours = read_run("a.run", (tmp_path / "a.run").read_bytes()).rankings
    assert {(query, id, score) for query, found in ours.items() for id, score in zip(found.ids, found.scores, strict=True)} == {
        (row.query_id, row.doc_id, row.score) for row in theirs
    }
    assert len(theirs) == 200


@pytest.mark.parametrize("data", [RUN.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + RUN, RUN.decode().encode("utf-16")])
def test_line_ends_and_encodings_do_not_matter(data):
    assert read_run("prod.run", data) == read_run("prod.run", RUN)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("q1 Q0 d 1 2.0", "line 2 has 5 fields; it needs 6 with white space between: query id, Q0, document id"),
        ("q1 Q0 d 1 high tag", 'line 2 has the score "high"; a score must be a number'),
        ("q1 Q0 d 1 nan tag", "line 2 has the score nan; a score must be finite"),
        ("q1 Q0 d 1 -inf tag", "line 2 has the score -inf; a score must be finite"),
        ("q1 Q0 a 1 2.0 tag", 'line 2 ranks the document "a" for the query "q1" again'),
        ("q9 Q0 a 1 2.0 tag", 'line 2 names the query "q9", which the query set does not hold'),
        ("q1 Q0 z 1 2.0 tag", 'line 2 names the document "z", which the corpus does not hold'),
    ],
)
def test_a_bad_row_of_a_run_is_refused_alone(line, reason):
    run = read_run("prod.run", f"q1 Q0 a 1 3 tag\n{line}\nq1 Q0 b 2 1 tag\n".encode(), {"q1"}, {"a", "b", "d"})
    assert run.rankings == {"q1": Ranking(("a", "b"), (3.0, 1.0))}
    assert [str(refusal)[: len("prod.run ") + len(reason)] for refusal in run.refused] == [f"prod.run {reason}"]
    assert run.rows == 3


@pytest.mark.parametrize(
    ("data", "reason"), [(b" \n\n", "is empty; give it rows of query id"), (b"\x00\x01\x02\xff", "NUL|known encoding")]
)
def test_a_file_that_is_no_run_is_refused(data, reason):
    run = read_run("x.run", data)
    assert (run.rankings, len(run.refused)) == ({}, 1)
    with pytest.raises(ValueError, match=reason):
        raise ValueError(str(run.refused[0]))


def test_one_switch_leaves_synthetic_queries_out():
    queries = [Query(f"q{at}", "text", source=source) for at, source in enumerate((*SOURCES, ""))]
    assert {query.source for query in queries if is_synthetic(query)} == SYNTHETIC == {KNOWN_ITEM}
    assert [query.source for query in without_synthetic(queries)] == [IMPORTED, "search", "log", "shipped", ""]
