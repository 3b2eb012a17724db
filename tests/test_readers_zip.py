"""Archives: what is inside comes out under its own name, and what could do harm is refused alone."""

from __future__ import annotations

import io
import json
import stat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from retrieval.readers import Limits, Reading, read_file, read_files
from retrieval.types import Judgment, Query

CORPUS = b'{"_id": "d1", "text": "first"}\n{"_id": "d2", "text": "second"}\n'
QUERIES = b'{"_id": "q1", "text": "a"}\n{"_id": "q2", "text": "b"}\n'
QRELS = b"query-id\tcorpus-id\tscore\nq1\td1\t2\nq2\td2\t1\n"
SET = {"set/qrels/test.tsv": QRELS, "set/queries.jsonl": QUERIES, "set/corpus.jsonl": CORPUS}


def pack(files, compression=ZIP_DEFLATED):
    """An archive of name to content; names may be ZipInfo."""
    out = io.BytesIO()
    with ZipFile(out, "w", compression) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return out.getvalue()


def read(data, **limits):
    return read_file("a.zip", data, Reading(Limits(**limits)))


def refusals(report):
    return [str(refusal) for refusal in report.refused]


def test_files_are_read_in_order_under_the_name_of_the_archive():
    report = read(pack({"b/notes.txt": b"one", "a.py": b"two = 2", "t.csv": b"id,text\n7,seven\n", "b/": b""}))
    assert [(document.id, document.text) for document in report.documents] == [
        ("a.zip/b/notes.txt", "one"),
        ("a.zip/a.py", "two = 2"),
        ("7", "seven"),
    ]
    assert report.places == ("a.zip/b/notes.txt", "a.zip/a.py", "a.zip/t.csv line 2")
    assert (report.refused, report.files) == ((), 3)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../out.txt", 'leads out of the archive with ".."; pack it with a path inside the archive'),
        ("a/../../out.txt", 'leads out of the archive with ".."; pack it with a path inside the archive'),
        ("..\\out.txt", 'leads out of the archive with ".."; pack it with a path inside the archive'),
        ("/etc/out.txt", "has an absolute path; pack it with a path inside the archive"),
        ("C:\\out.txt", "has an absolute path; pack it with a path inside the archive"),
        ("c:/out.txt", "has an absolute path; pack it with a path inside the archive"),
        ("a\\out.txt", "has a backslash or a control character in its name; rename it"),
        ("a\nout.txt", "has a backslash or a control character in its name; rename it"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused_alone(name, reason):
    report = read(pack({name: b"bad", "good.txt": b"good"}))
    assert [document.text for document in report.documents] == ["good"]
    assert refusals(report) == [f"a.zip/{name} {reason}".replace("\n", "\\n")]


def test_links_doubled_names_and_encrypted_files_are_refused():
    link = ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = pack([(link, b"/etc/passwd"), ("x.txt", b"one"), ("x.txt", b"two"), ("./x.txt", b"three")])
    report = read(data)
    assert [document.text for document in report.documents] == ["one"]
    twice = "has the name of an earlier file of the archive; the first is kept, rename the later one"
    assert refusals(report) == [
        "a.zip/link.txt is a symbolic link; pack the file that it points to",
        f"a.zip/x.txt {twice}",
        f"a.zip/./x.txt {twice}",
    ]


def test_an_encrypted_file_is_refused():
    data = bytearray(pack({"x.txt": b"secret"}, ZIP_STORED))
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusals(read(bytes(data))) == ["a.zip/x.txt is encrypted; pack it without a password"]


def test_hidden_files_are_counted_in_one_line():
    report = read(pack({"__MACOSX/._x.txt": b"r", ".git/config.txt": b"c", "x.txt": b"one", "b/.DS_Store": b"s"}))
    assert len(report.documents) == 1
    assert refusals(report) == [
        "a.zip holds 3 hidden files (the first is __MACOSX/._x.txt); they are skipped, rename those that are documents"
    ]


def test_files_beyond_the_limit_are_counted_in_one_line():
    report = read(pack({f"{at}.txt": str(at).encode() for at in range(9)}), files=4)
    assert len(report.documents) == 4
    assert refusals(report) == ["a.zip holds 5 more files that are not read, for the limits are reached; split the archive"]


def test_size_is_counted_while_unpacking_and_not_as_the_archive_claims():
    size = 400_000
    data = bytearray(pack({"a.txt": b"a" * size, "b.txt": b"b" * size, "c.txt": b"c" * size}, ZIP_STORED))
    report = read(bytes(data), unpacked=700_000)
    assert [document.id for document in report.documents] == ["a.zip/a.txt"]
    assert refusals(report) == [
        "a.zip holds 1 more files that are not read, for the limits are reached; split the archive",
        "a.zip/b.txt makes the archive larger than 700,000 bytes unpacked; split the archive",
    ]


def test_a_bomb_is_stopped_by_its_ratio_whatever_size_it_claims():
    data = bytearray(pack({"bomb.txt": b"\n" * 30_000_000, "good.txt": b"good"}))
    honest = read(bytes(data))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (100).to_bytes(4, "little")
    for report in (honest, read(bytes(data))):
        assert [document.text for document in report.documents] == ["good"]
        assert len(report.refused) == 1
    assert honest.refused[0].reason == "unpacks to more than 200 times its packed size; unpack it and give the file itself"


def test_archives_inside_archives_share_the_limits_and_end_at_a_depth():
    inner = pack({"x.txt": b"deep"})
    for at in range(3):
        inner = pack({f"n{at}.zip": inner, f"{at}.txt": str(at).encode()})
    report = read(inner)
    assert [document.id for document in report.documents] == ["a.zip/n2.zip/n1.zip/0.txt", "a.zip/n2.zip/1.txt", "a.zip/2.txt"]
    assert refusals(report) == ["a.zip/n2.zip/n1.zip/n0.zip lies inside 3 archives, the limit is 2; unpack it"]
    few = read(pack({"in.zip": pack({f"{at}.txt": b"%d" % at for at in range(5)})}), files=3)
    assert len(few.documents) == 2
    assert "holds 3 more files" in refusals(few)[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no archive", "is not what its name says: it does not begin as a ZIP archive does"),
        (b"%PDF-1.4", "is not what its name says: it seems to be a PDF, not a ZIP archive"),
        (pack({"a.txt": b"text"})[:-8], "is damaged (File is not a zip file); pack it again"),
    ],
)
def test_what_is_no_archive_is_refused(data, reason):
    report = read(data)
    assert report.documents == ()
    assert report.refused[0].reason.startswith(reason)


def test_a_damaged_file_is_refused_alone():
    data = bytearray(pack({"a.txt": b"text that is stored", "b.txt": b"good"}, ZIP_STORED))
    at = data.index(b"text that")
    data[at] ^= 255
    report = read(bytes(data))
    assert [document.text for document in report.documents] == ["good"]
    assert refusals(report)[0].startswith("a.zip/a.txt is damaged (Bad CRC-32")


def test_an_unknown_compression_is_refused():
    data = bytearray(pack({"a.txt": b"text"}, ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(mark) + offset] = 97
    assert refusals(read(bytes(data))) == ["a.zip/a.txt is packed in a way that cannot be read; pack it again as an ordinary ZIP"]


@pytest.mark.parametrize("give", [lambda: read(pack(SET)), lambda: read_files(SET.items())], ids=["archive", "files"])
def test_a_beir_folder_brings_queries_and_judgments(give):
    report = give()
    assert [document.id for document in report.documents] == ["d1", "d2"]
    assert report.queries == (Query("q1", "a"), Query("q2", "b"))
    assert report.judgments == {"test": (Judgment("q1", "d1", 2), Judgment("q2", "d2", 1))}
    assert (report.refused, report.files) == ((), 3)


def test_judged_spans_come_along():
    span = {"query-id": "q1", "corpus-id": "d1", "score": 3, "start": 0, "end": 5}
    report = read(pack({**SET, "set/qrels/test.spans.jsonl": json.dumps(span)}))
    assert report.judgments["test"][-1] == Judgment("q1", "d1", 3, 0, 5)


def test_chosen_fields_do_not_touch_a_beir_folder_and_its_bad_lines_are_named():
    from retrieval.readers import Fields

    files = {**SET, "set/qrels/dev.tsv": b"q1\td9\t1\n", "t.csv": b"note\nwords\n"}
    report = read_files(files.items(), Reading(fields=Fields(text=("note",))))
    assert [document.text for document in report.documents] == ["first", "second", "words"]
    assert refusals(report) == [
        'set/qrels/dev.tsv line 1 names the document "d9", which corpus.jsonl does not hold; add it or remove the row'
    ]


def test_two_sets_with_the_same_ids_do_not_mix():
    other = {"x/corpus.jsonl": CORPUS + b'{"_id": "d3", "text": "third"}', "x/queries.jsonl": b'{"_id": "q3", "text": "c"}'}
    other["x/qrels/test.tsv"] = b"q3\td3\t1\nq3\td1\t1\n"
    report = read_files([*SET.items(), *other.items()])
    assert report.judgments == {
        "test": (Judgment("q1", "d1", 2), Judgment("q2", "d2", 1)),
        "x/test": (Judgment("q3", "d3", 1),),
    }
    assert refusals(report)[-1].startswith('x/qrels/test.tsv line 2 names the document "d1"')
    twice = read_files([("a.zip", pack(SET)), ("b.zip", pack(SET))])
    assert twice.judgments["test"] == (Judgment("q1", "d1", 2), Judgment("q2", "d2", 1))
    assert "b.zip judges 2 times what was refused above; those judgments are left out" in refusals(twice)
