"""The analyser: words, identifiers, numbers, scripts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from retrieval.errors import BadSetting
from retrieval.text import LONGEST, Analyser, Token, languages

ENGLISH = {
    "AB-1234-X": "ab-1234-x ab 1234 x",
    "v3.11.7": "v3.11.7 v 3.11.7 3.11 3 11 7",
    "3.11.7": "3.11.7 3.11 3 11 7",
    "python3.11": "python3.11 python 3.11",
    "3.11.7-alpine": "3.11.7-alpine 3.11.7 3.11 3 11 7 alpin",
    "get_scores": "get_scores get score",
    "__init__": "__init__ init",
    "utils.get_scores": "utils.get_scores util get_scores get score",
    "ProducerBatch.flush": "producerbatch.flush producerbatch produc batch flush",
    "HTTPServer": "httpserver http server",
    "siRNAs": "sirna si rna",
    "GPUs": "gpu",
    "0x80070005": "0x80070005 80070005",
    "E_ACCESSDENIED": "e_accessdenied e accessdeni",
    "C++": "c++",
    "C++17": "c++ 17",
    "C#": "c#",
    ".NET": ".net net",
    "ASP.NET": "asp.net asp net",
    "std::vector": "std::vector std vector",
    "replica.fetch.max.bytes": "replica.fetch.max.bytes replica fetch max byte",
    "MS-4012": "ms-4012 ms 4012",
    "TMX_450/24": "tmx_450/24 tmx_450 tmx 450 24",
    "24V": "24v 24 v",
    "24 V": "24 v",
    "IL6": "il6 il 6",
    "H3K27me3": "h3k27me3",
    "a1b2c3d4e5f6": "a1b2c3d4e5f6",
    "1,000": "1000",
    "1,234,567.50": "1234567.50",
    "[1,2]": "1 2",
    "4.7": "4.7",
    "state-of-the-art": "state art",
    "and/or": "",
    "TCP/IP": "tcp ip",
    "done.": "done",
    "(done!)": "done",
    "one.Two": "one.two one two",
    "...": "",
    "____": "",
    "dog's dogs’ DOG": "dog dog dog",
    "F-16's": "f-16 f 16",
    "don't it's": "",
    "l'eau": "eau",
    "U.S. e.g.": "u.s",
    "running runs the": "run run",
    "Straße STRASSE": "strass strass",
    "ＡＢ－１２ ﬁne ½": "ab-12 ab 12 fine 1 2",
    "co\u00adoper\u00adate": "cooper",
    "हिन्दी cafe\u0301": "हिन्दी café",
    "東京都に行く": "東京 京都 都に に行 行く",
    "한국어 漢 ABC漢字x": "한국 국어 漢 abc 漢字 x",
    "ﾊﾞｽ": "バス",
}


@pytest.mark.parametrize("text", ENGLISH, ids=ascii)
def test_what_becomes_of_a_text(text):
    assert Analyser().terms(text) == ENGLISH[text].split()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("3.11.7", "since v3.11.7"),
        ("v3.11.7", "since v3.11.7"),
        ("3.11", "Python 3.11.7"),
        ("score", "call get_scores()"),
        ("accessdenied", "E_ACCESSDENIED"),
        ("24 V", "a 24V coil"),
        ("1000", "1,000 metres"),
        ("get_scores", "retrieval.sparse.get_scores"),
    ],
)
def test_a_query_meets_what_it_should(query, text):
    assert set(Analyser().terms(query)) & set(Analyser().terms(text))


def test_cpp_is_not_c():
    assert not set(Analyser().terms("C++ C#")) & set(Analyser().terms("C"))


def test_tokens_say_where_and_what():
    assert Analyser().tokens("The dogs, get_x") == [
        Token("The", 0, 3, ()),
        Token("dogs", 4, 8, ("dog",)),
        Token("get_x", 10, 15, ("get_x", "get", "x")),
    ]
    assert Analyser().tokens("x漢字だ") == [
        Token("x", 0, 1, ("x",)),
        Token("漢字", 1, 3, ("漢字",)),
        Token("字だ", 2, 4, ("字だ",)),
    ]


def test_settings_act():
    text = "The dogs of get_scores v2.0"
    assert Analyser(stop_words=False).terms("The dogs") == ["the", "dog"]
    assert Analyser(stems=False).terms("The dogs") == ["dogs"]
    assert Analyser("none").terms("The dogs") == ["the", "dogs"]
    assert Analyser(identifiers=False).terms(text) == ["dog", "get", "score", "v2", "0"]


def test_other_languages():
    assert Analyser("french").terms("L'eau de l'état-major qu'il boit") == ["eau", "état", "major", "boit"]
    assert Analyser("german").terms("Die Häuser und das Haus") == ["haus", "haus"]
    assert Analyser("italian").terms("dell'arte") == ["arte"]
    assert Analyser("finnish").terms("talossa") == ["talo"]


def test_long_wholes_are_left_out():
    whole = "_".join(["part"] * LONGEST)
    assert Analyser().terms(whole) == ["part"]


def test_an_unknown_language_is_refused():
    with pytest.raises(BadSetting, match=r"language 'klingon' is not known to Snowball; choose one of none, arabic, .*german"):
        Analyser("klingon")
    assert languages()[0] == "none"


def test_threads_share_an_analyser():
    texts = [f"running{i} dogs_{i} stems of word{i % 7}s" * 20 for i in range(200)]
    analyser = Analyser("spanish")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(analyser.terms, texts)) == [analyser.terms(text) for text in texts]
