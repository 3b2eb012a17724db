"""Passages: the text in pieces, matches marked, the densest window of a long text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passages import Piece, passage, pieces_of
from retrieval.text import Analyser, Token

ANALYSER = Analyser()


def of(text, query, width=10_000):
    return passage(text, ANALYSER.tokens(text), set(ANALYSER.terms(query)), width)


def words(*spans):
    """Tokens with one term each, "x", at some spans of a text."""
    return [Token("", start, end, ("x",)) for start, end in spans]


def joined(pieces):
    return "".join(piece.text for piece in pieces)


def marked(pieces):
    return [piece.text for piece in pieces if piece.matched]


def test_a_short_text_is_whole_and_its_matches_are_marked():
    text = "The relays, sealed, survive. Order the RELAY apart."
    pieces = of(text, "sealed relay")
    assert joined(pieces) == text
    assert marked(pieces) == ["relays", "sealed", "RELAY"]
    assert pieces[0] == Piece("The ", False)


def test_a_part_of_an_identifier_marks_the_identifier():
    assert marked(of("Replace KX7.24-R2 now", "R2")) == ["KX7.24-R2"]


def test_without_a_match_the_text_is_one_piece():
    assert of("No such word.", "relay") == (Piece("No such word.", False),)
    assert of("", "relay") == ()


def test_neighbours_and_overlaps_are_joined_in_order():
    text = "abcdef"
    assert pieces_of(text, [(1, 3), (2, 4)], 0, 6) == (Piece("a", False), Piece("bc", True), Piece("d", True), Piece("ef", False))
    assert pieces_of(text, [(1, 4), (2, 3)], 0, 6) == (Piece("a", False), Piece("bcd", True), Piece("ef", False))
    assert pieces_of(text, [(2, 4)], 1, 5) == (Piece("b", False), Piece("cd", True), Piece("e", False))


def test_overlapping_pairs_of_characters_are_marked_once():
    text = "東京都の電車"
    pieces = of(text, "東京都")
    assert joined(pieces) == text
    assert "".join(marked(pieces)) == "東京都"


def test_a_long_text_shows_its_densest_window():
    filler = "nothing to see in this part " * 20
    text = f"A relay here. {filler}Now relay pump relay pump in a row. {filler}One pump."
    pieces = of(text, "relay pump", 100)
    assert marked(pieces) == ["relay", "pump", "relay", "pump"]
    assert (pieces[0], pieces[-1]) == (Piece("… ", False), Piece(" …", False))
    inner = joined(pieces[1:-1])
    assert inner in text
    assert len(inner) <= 100


def test_the_top_is_shown_where_nothing_is_denser():
    text = "A relay here. " + "nothing to see in this part " * 20 + "A relay there."
    pieces = of(text, "relay", 60)
    assert joined(pieces[:-1]) == text[: len(joined(pieces[:-1]))]
    assert marked(pieces) == ["relay"]


def test_a_window_begins_and_ends_at_words():
    text = "word " * 40 + "relay relay" + " word" * 40
    inner = joined(of(text, "relay", 50)[1:-1])
    assert set(inner.split()) == {"word", "relay"}


def test_the_lead_before_the_first_match_loses_none_of_the_others():
    text = "z " * 50 + "x" + " z" * 23 + " x" + " z" * 50  # two matches, 48 characters from first to last
    spans = [(at, at + 1) for at, letter in enumerate(text) if letter == "x"]
    assert marked(passage(text, words(*spans), {"x"}, 50)) == ["x", "x"]


def test_a_match_longer_than_the_window_shows_the_top():
    text = "a b " + "x" * 30 + " c d"
    assert joined(passage(text, words((4, 34)), {"x"}, 10)) == "a b …"


@given(st.lists(st.sampled_from(["relay", "pump", "the", "word", "KX7-24", "。", "\n", "東京"]), max_size=60), st.integers(1, 80))
def test_pieces_are_the_text_and_never_fewer_matches_than_the_top(parts, width):
    text = " ".join(parts)
    pieces = of(text, "relay KX7-24 東京", width)
    inner = joined(piece for piece in pieces if piece not in (Piece("… ", False), Piece(" …", False)))
    assert inner in text
    assert all(piece.text for piece in pieces)
    spans = [(token.start, token.end) for token in ANALYSER.tokens(text) if {"relay", "kx7-24", "東京"} & set(token.terms)]
    assert len(marked(pieces)) >= sum(right <= width for _, right in spans)
    assert len(inner) <= max(width, 0)


@pytest.mark.parametrize("width", [1, 5, 1000])
def test_any_width_is_taken(width):
    assert joined(of("relay", "relay", width)).replace(" …", "") in "relay"
