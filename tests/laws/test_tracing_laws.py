"""What is kept of a query comes back bit for bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from retrieval.tracing.kept import STEPS, Kept, decode, encode
from retrieval.types import STAGES, Ranking, Trace

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def kept_queries(draw):
    def hits():
        size = draw(st.integers(0, 12))
        rows = draw(arrays(np.int64, size, elements=st.integers(0, 2**31 - 1)))
        return rows, draw(arrays(np.float64, size, elements=NUMBERS))

    seconds = draw(arrays(np.float64, (draw(st.integers(1, 4)), len(STEPS)), elements=st.floats(0, 1e6)))
    return Kept({stage: hits() for stage in STAGES}, seconds, draw(st.floats(0, 1e12)))


def bits(kept):
    """Every number of it, as bytes: 0.0 and -0.0 differ."""
    hits = [(stage, rows.dtype.str, rows.tobytes(), scores.tobytes()) for stage, (rows, scores) in kept.hits.items()]
    return hits, kept.seconds.shape, kept.seconds.tobytes(), kept.measured


@given(kept_queries())
def test_what_was_kept_comes_back_bit_for_bit(kept):
    assert bits(decode(encode(kept))) == bits(kept)


@given(st.lists(NUMBERS, min_size=4, max_size=4), st.lists(st.floats(0, 100), min_size=5, max_size=5))
def test_a_trace_is_kept_as_rows_and_seconds(scores, times):
    ids = ("a", "b", "c", "d")
    ranking = Ranking.of(ids, scores)
    trace = Trace("text", dict.fromkeys(STAGES, ranking), dict(zip(STEPS, times, strict=True)))
    kept = Kept.of(trace, {id: row for row, id in enumerate(ids)}).again(trace)
    assert kept.seconds.tolist() == [times, times]
    for rows, found in kept.hits.values():
        assert Ranking(tuple(ids[row] for row in rows), tuple(found.tolist())) == ranking
