"""An index out of an earlier one is the index built from nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.sparse import BM25_VARIANTS, SparseIndex

DOCUMENTS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=8), max_size=8)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), old=DOCUMENTS, query=st.lists(st.sampled_from("abcdefghz"), max_size=4))
def test_taking_rows_over_changes_no_score(data, old, query):
    rows = data.draw(st.lists(st.integers(-1, len(old) - 1), max_size=8))
    new = [data.draw(st.lists(st.sampled_from("abcxyz"), max_size=6)) for row in rows if row < 0]
    fresh = iter(new)
    wanted = SparseIndex.build([next(fresh) if row < 0 else old[row] for row in rows])
    made = SparseIndex.build(old).extended(np.array(rows, np.int64), new)
    assert set(made.vocabulary) == set(wanted.vocabulary)
    assert made.lists.lengths.tolist() == wanted.lists.lengths.tolist()
    for variant in BM25_VARIANTS.values():
        assert np.allclose(made.scores(query, variant()), wanted.scores(query, variant()), atol=1e-5)


def test_an_extended_index_can_be_stored(tmp_path):
    made = SparseIndex.build([["a", "b"], ["b", "c"]]).extended(np.array([1, -1]), [["d", "d"]])
    made.save(tmp_path)
    again = SparseIndex.load(tmp_path)
    assert again.vocabulary == made.vocabulary == {"b": 0, "c": 1, "d": 2}
    assert again.document_frequency("d") == 1
