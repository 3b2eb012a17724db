"""Arrays and bytes come back bit for bit, or not at all."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from retrieval.pieces import checked, pack, unpack, verified

ARRAYS = st.sampled_from(["<f8", "<f4", "<i8", "<i4"]).flatmap(lambda kind: arrays(kind, array_shapes(min_dims=0, min_side=0)))


def bits(array):
    """Its type, its shape and every number of it, as bytes: 0.0 and -0.0 differ, NaN is NaN."""
    return array.dtype.str, array.shape, array.tobytes()


@given(st.lists(ARRAYS, max_size=4))
def test_arrays_come_back_bit_for_bit(found):
    assert [bits(array) for array in unpack(pack(found))] == [bits(array) for array in found]


@given(st.binary(max_size=300))
def test_bytes_that_nothing_befell_come_back(content):
    assert verified(checked(content)) == content


@given(st.binary(max_size=300), st.data())
def test_one_bit_that_flips_makes_them_damaged(content, data):
    blob = bytearray(checked(content))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert verified(bytes(blob)) is None


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_piece_of_them_is_damaged(content, data):
    blob = checked(content)
    assert verified(blob[: data.draw(st.integers(0, len(blob) - 1))]) is None
