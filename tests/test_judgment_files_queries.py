"""Files of queries: tables, JSON Lines, TREC topics; and which format a file is taken for."""

import io

import pytest

from retrieval.errors import BadInput
from retrieval.judging.files import FORMATS, Labels, export, guess, preview
from retrieval.judging.naming import query_id
from retrieval.types import Judgment, Query

MOMENT = "2026-11-24T09:30:00.000001+00:00"
QUERIES = (
    Query("q1", "24 V relay", "mixed", "for a wet place", "log", MOMENT, True),
    Query("q2", "water pump", "", "", "imported", "", False),
)


def asked(format, data, **options):
    return preview(data.encode() if isinstance(data, str) else data, format, **options)


def sentences(found):
    return [str(refusal) for refusal in found.refused]


@pytest.mark.parametrize("format", ["jsonl", "beir-queries", "csv-queries", "tsv-queries"])
def test_everything_known_of_a_query_comes_back(format):
    found = asked(format, export(format, Labels(QUERIES)))
    assert found.new == QUERIES
    assert (found.refused, found.rows) == ((), 2)


def test_beir_finds_its_fields():
    data = export("beir-queries", Labels(QUERIES))
    assert data.startswith(b'{"_id": "q1", "text": "24 V relay", "metadata": {"class": "mixed"')
    plain = '{"_id": 7, "text": "boom", "metadata": {"class": "numeric", "url": "x"}}'
    assert asked("beir-queries", plain).new == (Query("7", "boom", "numeric", source="imported"),)


def test_tables_are_written_with_a_header():
    assert export("tsv-queries", Labels(QUERIES)).splitlines()[0] == b"id\ttext\tclass\tnote\tsource\tadded\theld_out"
    data = export("csv-queries", Labels((Query("1", "-Xmx"),)))
    assert data == b"id,text,class,note,source,added,held_out\r\n1,'-Xmx,,,,,false\r\n"
    assert export("tsv-queries", Labels((Query("1", "-Xmx"),))).splitlines()[1] == b"1\t-Xmx\t\t\t\t\tfalse"


def test_tables_take_other_names_and_separators():
    found = asked("csv-queries", "QID;Query;Tags\n1;boom, jib;numeric\n2;hook;\n")
    assert found.new == (Query("1", "boom, jib", "numeric", source="imported"), Query("2", "hook", source="imported"))


def test_tsv_is_read_as_ms_marco_has_it():
    found = asked("tsv-queries", '12\t"exact" words\n13\twhat is a boom\n')
    assert [(query.id, query.text) for query in found.new] == [("12", '"exact" words'), ("13", "what is a boom")]
    assert [query.text for query in asked("tsv-queries", "boom\nhook\n").new] == ["boom", "hook"]


def test_a_query_without_an_id_gets_one_from_its_text():
    first, second = asked("csv-queries", "text\nboom\nhook\n").new
    assert (first.id, second.id) == (query_id("query", "boom"), query_id("query", "hook"))
    again = asked("csv-queries", "text\nhook\n", queries=[Query("mine", "boom"), second])
    assert (again.new, again.unchanged) == ((), 1)
    known = asked("csv-queries", "text,class\nboom,numeric\n", queries=[Query("mine", "boom")])
    assert known.changed == ((Query("mine", "boom"), Query("mine", "boom", "numeric")),)


@pytest.mark.parametrize(
    ("format", "data", "sentence"),
    [
        ("csv-queries", "a,b\n1,2\n", "line 1 has no text column in the header a, b; put a header above the rows"),
        ("tsv-queries", "1\t2\t3\n", "line 1 has 3 columns and no header with a text; put a header above the rows"),
        ("csv-queries", "id,text\n1,\n", "line 2 has no text; give the query one or remove the row"),
        ("csv-queries", "id,text\n1,a,b\n", "line 2 has 3 cells, not 2; fill it up"),
        ("csv-queries", "id,text,held_out\n1,a,maybe\n", "line 2 gives held_out as 'maybe'; write true or false"),
        ("csv-queries", "id,text,added\n1,a,soon\n", 'line 2 gives added as "soon"; write the time in ISO 8601'),
        ("csv-queries", f"id,text\n{'i' * 10_001},a\n", "line 2 has a query id of 10,001 characters, the limit is 10,000"),
        ("tsv-queries", f"1\t{'i' * 100_001}\n", "line 1 has a text of 100,001 characters, the limit is 100,000"),
        ("tsv-queries", "id\ttext\n1\ta\tb\n", "line 2 has 3 columns, not 2; put one tab between the columns"),
        ("topics", "no tags", "the file has no <top> in it; choose another format"),
        ("topics", "\n<top>\n<title> boom\n</top>", "line 2 starts a topic without a number; give it one in <num>"),
        ("topics", "<top>\n<num> 1\n</top>", "line 1 starts a topic without words; give it a title"),
        ("topics-xml", "no tags", "the file has no <topic> in it; choose another format"),
        ("topics-xml", "<topics><topic><query>boom</query></topic></topics>", "line 1 starts a topic without a number"),
        ("topics-xml", '<topics>\n<topic number="1"/></topics>', "line 2 starts a topic without words; give it a title"),
    ],
)
def test_a_query_that_cannot_be_used_is_refused(format, data, sentence):
    found = asked(format, data)
    assert found.new == ()
    assert len(found.refused) == 1
    assert sentences(found)[0].startswith(sentence)


def test_one_id_with_two_texts_keeps_the_first():
    found = asked("csv-queries", "id,text\n1,boom\n2,hook\n1,boom\n1,jib\n")
    assert [(query.id, query.text) for query in found.new] == [("1", "boom"), ("2", "hook")]
    reason = 'line 5 repeats the query id "1" of line 2 with other words; the first is kept, give the later one its own id'
    assert sentences(found) == [reason]
    assert found.unchanged == 1


CLASSIC = """
<top>
<num> Number: 301
<title> International
   Organized Crime

<desc> Description:
Identify organizations that participate in
R&D of crime, a < b.

<narr> Narrative:
A relevant document names one.
</top>

<top>
<num> Number: 302 </num>
<title> Poliomyelitis </title>
<desc> Description: Is it under control? </desc>
</top>
<TOP><NUM>303<DESC>Only described</TOP>
"""


def test_classic_topics_are_read():
    found = asked("topics", CLASSIC)
    note = "Identify organizations that participate in R&D of crime, a < b.\n\nA relevant document names one."
    assert found.new == (
        Query("301", "International Organized Crime", note=note, source="imported"),
        Query("302", "Poliomyelitis", note="Is it under control?", source="imported"),
        Query("303", "Only described", source="imported"),
    )
    assert (found.rows, found.refused) == (3, ())


def test_the_word_topic_goes_where_every_title_has_it():
    first = "<top><num> Number: 051 <title> Topic: Airbus Subsidies <desc> x </top>"
    assert asked("topics", first).new[0].text == "Airbus Subsidies"
    both = f"{first}<top><num> 52 <title> Topics of interest </top>"
    assert [query.text for query in asked("topics", both).new] == ["Topic: Airbus Subsidies", "Topics of interest"]
    labels = Labels((Query("1", "Topic: a", source="imported"), Query("2", "Topic: b", source="imported")))
    assert asked("topics", export("topics", labels)).new == labels.queries


XML = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE topics [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<topics task="COVIDSearch">
  <topic number="1" type="faceted">
    <query>coronavirus <!-- not this --> origin</query>
    <question>what is
       the origin of R&amp;D?</question>
    <narrative>seeking &x; range</narrative>
  </topic>
  <topic id="2"><title>boom</title></topic>
  <top><num>3</num><title>hook</title><desc>the crane's</desc></top>
</topics>
"""


def test_topics_in_xml_are_read():
    found = asked("topics-xml", XML)
    note = "what is the origin of R&D?\n\nseeking &x; range"
    assert found.new == (
        Query("1", "coronavirus origin", "faceted", note, "imported"),
        Query("2", "boom", source="imported"),
        Query("3", "hook", note="the crane's", source="imported"),
    )
    spaced = '<t:topics xmlns:t="u"><t:topic number="1"><t:query>boom</t:query></t:topic></t:topics>'
    assert asked("topics-xml", spaced).new[0].text == "boom"


def test_broken_xml_is_read_as_far_as_it_goes():
    found = asked("topics-xml", '<topics>\n<topic number="1"><query>a & b</query></topic>\n<topic number="2"><query>hook</qu')
    assert [query.id for query in found.new] == ["1", "2"]
    assert found.new[1].text == "hook"


@pytest.mark.parametrize(
    ("format", "query", "sentence"),
    [
        ("topics", Query("a b", "x"), "the query id 'a b' is empty or has white space in it, which no TREC file can hold"),
        ("topics-xml", Query("a b", "x"), "the query id 'a b' is empty or has white space in it"),
        (
            "topics",
            Query("1", "a <title> b"),
            "the text 'a <title> b' has a mark of TREC topics in it; export topics as XML",
        ),
        ("topics-xml", Query("1", "a\x01"), r"the text 'a\\x01' has a control character in it, which no XML file can hold"),
        ("tsv-queries", Query("1", "a\tb"), r"the text 'a\\tb' has a tab or a line break in it, which no TSV file can hold"),
        ("csv-queries", Query("1", "a\0b"), "holds a NUL character or half a surrogate pair"),
    ],
)
def test_a_query_that_a_format_cannot_hold_is_refused(format, query, sentence):
    with pytest.raises(BadInput, match=sentence):
        export(format, Labels((query,)))


JUDGED = Labels(QUERIES, (Judgment("q1", "d1", 3), Judgment("q2", "d2", 0)))
RIGHT = {"beir-queries": "jsonl"}


@pytest.mark.parametrize("format", FORMATS)
def test_our_own_files_are_taken_for_what_they_are(format):
    assert guess(f"file{FORMATS[format].suffix}", export(format, JUDGED)) == RIGHT.get(format, format)
    assert guess("file", export(format, JUDGED)) == RIGHT.get(format, format)


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("qrels.dev.tsv", "1\t0\td1\t1\n2\t0\td2\t1\n", "trec"),
        ("x.tsv", "1\td1\t1\n2\td2\t1\n", "beir"),
        ("queries.tsv", "1\twhat is a boom\n", "tsv-queries"),
        ("x.tsv", "query\tdocid\trating\nboom\td1\t1\n", "csv"),
        ("x.csv", "query;doc_id;grade\nboom;d1;1\n", "csv"),
        ("x.csv", "query\nboom\n", "csv-queries"),
        ("x.csv", "Query,Class\nboom,numeric\n", "csv-queries"),
        ("topics.txt", CLASSIC, "topics"),
        ("topics.txt", XML, "topics-xml"),
        ("x.xml", "<html></html>", ""),
        ("x.csv", "1,2\n3,4\n", ""),
        ("x.tsv", "", ""),
        ("x", b"\x00\x01\x02\xff", ""),
    ],
)
def test_a_format_is_guessed(name, data, format):
    assert guess(name, data.encode() if isinstance(data, str) else data) == format


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_format_is_guessed_in_any_encoding(encoding):
    data = io.StringIO("query-id\tcorpus-id\tscore\n" + "q1\tGröße\t1\n" * 10_000).getvalue().encode(encoding)
    assert guess("x.tsv", data) == "beir"
