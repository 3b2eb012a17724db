"""Laws of the analyser over arbitrary texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text import Analyser

PIECES = st.sampled_from(
    [
        "The",
        "dogs",
        "get_scores",
        "AB-12",
        "v3.11.7",
        "C++",
        ".NET",
        "l'eau",
        "1,000",
        "東京都",
        "한국",
        "ﾊﾞ",
        "½",
        "e\u0301",
        "-",
        ".",
        "’",
        "_",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.tuples(PIECES, st.sampled_from(["", " ", ", "])), max_size=12).map(lambda p: "".join(map("".join, p))),
)
ANALYSERS = [
    Analyser(),
    Analyser("none"),
    Analyser("french", stems=False),
    Analyser(identifiers=False),
    Analyser("russian", stop_words=False),
]


@pytest.mark.parametrize("analyser", ANALYSERS, ids=str)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_tokens_lie_in_the_text_and_make_its_terms(analyser, text):
    tokens = analyser.tokens(text)
    assert all(text[token.start : token.end] == token.surface != "" for token in tokens)
    assert [term for token in tokens for term in token.terms] == analyser.terms(text)
    assert sorted(token.start for token in tokens) == [token.start for token in tokens]


@pytest.mark.parametrize("analyser", ANALYSERS, ids=str)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_terms_are_not_empty_and_hold_no_space(analyser, text):
    assert all(term and not any(map(str.isspace, term)) for term in analyser.terms(text))


@settings(max_examples=100, deadline=None)
@given(words=st.lists(st.text("abcdefgimnrst", min_size=3, max_size=9), max_size=8))
def test_the_case_of_words_does_not_matter(words):
    analyser = Analyser()
    expected = analyser.terms(" ".join(words))
    assert analyser.terms(" ".join(word.capitalize() for word in words)) == expected
    assert analyser.terms(" ".join(words).upper()) == expected


@settings(max_examples=100, deadline=None)
@given(left=TEXTS, right=TEXTS)
def test_a_line_break_separates(left, right):
    analyser = Analyser()
    assert analyser.terms(f"{left}\n{right}") == analyser.terms(left) + analyser.terms(right)
