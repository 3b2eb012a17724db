"""Classes of queries: worked examples for every rule, and the classes of the sample corpora as an outside opinion."""

from pathlib import Path

import pytest

from retrieval.judging.classes import RULES, suggest
from retrieval.readers import read_beir

SAMPLES = sorted(path.parent for path in (Path(__file__).resolve().parents[1] / "sample_corpora").glob("*/queries.jsonl"))

EXAMPLES = [
    ("Кто изобрёл радио", "multilingual", "Ктоизобрёлрадио"),
    ("黑豹队的防守丢了多少分？", "multilingual", "黑豹队的防守丢了多少分"),
    ("كم نقطة تخلى عنها دفاع البانثرز؟", "multilingual", "كمنقطةتخلىعنهادفاعالبانثرز"),
    ("Wie viele Punkte gab die Verteidigung der Panthers ab?", "multilingual", "wie die der"),
    ("¿Cuántas capturas ha conseguido Jared Allen en su carrera?", "multilingual", "ha en su"),
    ('error "connection reset by peer" in the log', "quoted phrase", '"connection reset by peer"'),
    ("who wrote “the old man and the sea”", "quoted phrase", "“the old man and the sea”"),
    ("KX7.24-R2", "exact identifier", "KX7.24-R2"),
    ("CC 4410", "exact identifier", "CC 4410"),
    ("VDN 2410 X", "exact identifier", "VDN 2410 X"),
    ("0x8007A005", "exact identifier", "0x8007A005"),
    ("ProducerBatch.flush", "exact identifier", "ProducerBatch.flush"),
    ("get_offsets()", "exact identifier", "get_offsets()"),
    ("E_LEASE_LOST", "exact identifier", "E_LEASE_LOST"),
    ("v3.11.7", "exact identifier", "v3.11.7"),
    ("seekToTimestamp", "exact identifier", "seekToTimestamp"),
    ("5510-0042-03", "exact identifier", "5510-0042-03"),
    ("std::vector docs", "exact identifier", "std::vector"),
    ("LEG-F-11 form", "exact identifier", "LEG-F-11"),
    ("__init__", "exact identifier", "__init__"),
    ("when did tiered storage become GA", "chronological", "when"),
    ("switches introduced in 2024 or later", "chronological", "introduced"),
    ("gift limit in summer 2023", "chronological", "2023"),
    ("per diem 12.03.2023 germany", "chronological", "12.03.2023"),
    ("price of oil in March of 1974", "chronological", "March of 1974"),
    ("since when does RK-14 cost 136", "chronological", "since when"),
    ("what is the newest stable release right now", "chronological", "newest stable release"),
    ("wars of the 1870s", "chronological", "1870s"),
    ("MS-4012 right after adding a broker, how do I make it stop", "mixed", "MS-4012"),
    ("replacement for KX7.24-R1 that survives wash-down", "mixed", "KX7.24-R1"),
    ("lag never goes to zero when I compare it with get_offsets()", "mixed", "get_offsets()"),
    ("is bug #8841 why my group is joining for hours", "mixed", "#8841"),
    ("24 V supply, 10 A, conformal coated, must start at -40", "multi-clause", ", … , … ,"),
    ("parental leave: what happens to my car, my bike and my bonus", "multi-clause", ": … , … and"),
    ("Is it free? Who pays it? Where do I ask?", "multi-clause", "? Who … ?"),
    ("48 V power supply at least 5 A", "numeric", "48 V"),
    ("proximity switch for 150 °C ambient", "numeric", "150 °C"),
    ("how many quotes for a 12k purchase", "numeric", "12k"),
    ("how much does it weigh", "numeric", "how much"),
    ("gifts worth more than 40", "numeric", "more than 40"),
    ("grants over €10,000", "numeric", "€10,000"),
    ("what do I do with a stolen laptop", "question", "what"),
    ("stolen laptop, and now?", "question", "?"),
    ("keep old messages somewhere cheaper than our ssds", "", ""),
    ("state-of-the-art e.g. the 24-hour shift and/or input/output", "", ""),
    ("python check file is readonly", "", ""),
    ("", "", ""),
    ("?!", "", ""),
]


@pytest.mark.parametrize(("text", "category", "reason"), EXAMPLES)
def test_the_class_and_its_reason(text, category, reason):
    found = suggest(text)
    assert (found.category, found.reason) == (category, reason)


def test_every_rule_has_examples():
    assert {category for _, category, _ in EXAMPLES} == {*RULES, ""}


@pytest.mark.parametrize(
    "text",
    ["48V", "2.2kW", "at 3am", "the 2nd", "the 24-hour shift", "1000 cd/m2", "U.S. e.g. a.m.", "state-of-the-art", "1,000"],
)
def test_quantities_and_words_are_no_identifiers(text):
    assert suggest(text).category not in ("exact identifier", "mixed")


def test_the_language_of_the_corpus_decides_what_is_foreign():
    german, russian, english = (
        "wie viele Punkte gab die Verteidigung ab",
        "кто изобрёл радио",
        "how many points did the defense give up",
    )
    assert suggest(german, "german").category == ""
    assert suggest(russian, "russian").category == ""
    assert suggest(english, "german").category == suggest(english, "russian").category == "multilingual"
    assert suggest(russian, "none").category == ""


def test_words_of_one_script_count_only_where_they_are_the_greater_part():
    assert suggest("role of α-synuclein").category == ""
    assert suggest("работа hr").category == "multilingual"


def test_full_width_letters_are_read_as_plain_ones():
    assert suggest("ＭＳ－４０１２").category == "exact identifier"


def test_only_the_beginning_of_a_long_query_is_looked_at():
    assert suggest("shoe " * 200 + "MS-4012").category == ""
    assert suggest("shoe " * 190 + "MS-4012").category == "mixed"


def agreement(folder):
    """How many of a sample's classes the rules give; where they say nothing, or a plain question, a paraphrase is met."""
    queries = read_beir(folder).queries
    found = [suggest(query.text).category for query in queries]
    met = sum(
        category == query.category or (query.category == "paraphrase" and category in ("", "question"))
        for query, category in zip(queries, found, strict=True)
    )
    return met, len(queries)


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_most_classes_of_the_samples_are_met(folder):
    met, count = agreement(folder)
    assert count > 50
    assert met >= 0.75 * count
