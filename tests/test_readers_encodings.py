"""Encodings that no mark gives away."""

from __future__ import annotations

import codecs
import random

import pytest

from retrieval.readers import read_text
from retrieval.readers.encodings import encoding_of, wide_encoding

JAPANESE = "港のクレーンは朝六時に動き始める。風速が毎秒十五メートルを超えると作業は止まります。"
RUSSIAN = "Портовый кран начинает работу в шесть утра. При сильном ветре работы прекращаются, и оператор делает запись в журнале."
CHINESE = "港口起重机早上六点开始工作。风速超过每秒十五米时停止作业。操作员必须在日志中记录。"
POLISH = "Żuraw portowy zaczyna pracę o szóstej. Gdy wieje silniej niż zwykle, pracę się przerywa. Źródło: księga zmian."
CZECH = (
    "Přístavní jeřáb začíná pracovat v šest hodin ráno. Když je vítr silnější než patnáct metrů za sekundu, práce se přeruší "
    "a jeřábník to zapíše do deníku. Žádné výjimky."
)
GREEK = "Ο γερανός του λιμανιού ξεκινά στις έξι το πρωί. Όταν ο άνεμος είναι δυνατός, η εργασία σταματά."
TEXTS = [
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    (RUSSIAN, "koi8_r"),
    (RUSSIAN, "cp1251"),
    (CHINESE, "gb18030"),
    (CHINESE, "gbk"),
    (GREEK, "iso8859_7"),
    (POLISH, "iso8859_2"),
    (POLISH, "cp1250"),
    (CZECH, "iso8859_2"),
    (CZECH, "cp1250"),
    (f"{JAPANESE}\nCrane 7", "utf-16-le"),
    (f"{RUSSIAN}\nCrane 7", "utf-16-be"),
]
WESTERN = [
    "5 € – naïve",
    "Der Kran fährt um sechs Uhr. Bei Böen ruht die Arbeit; der Kranführer trägt es ins Logbuch ein.",
    "O guindaste do porto começa às seis da manhã. Não há exceções: são instruções da direção.",
    "¿qué pasa si el viento es fuerte? ¡se detiene! La grúa del puerto empieza mañana.",
    "L’opérateur note l’heure – « à six heures » – dans le journal. Prix : 5 €.",
    "Price £5 ±3 %, § 12, 20 °C, 5 × 3 m², ½ kg, 10 µm. See “Notes” — it’s “fine”…",
]


@pytest.mark.parametrize(("text", "encoding"), TEXTS)
@pytest.mark.parametrize("times", [1, 5])
def test_an_encoding_is_told_by_its_bytes(text, encoding, times):
    whole = "\n".join([text] * times)
    (document,) = read_text("a.txt", whole.encode(encoding)).documents
    assert document.text == whole


@pytest.mark.parametrize("text", WESTERN)
@pytest.mark.parametrize("times", [1, 8])
def test_western_texts_stay_windows_1252(text, times):
    data = (text * times).encode("cp1252")
    assert data.decode(encoding_of(data)) == text * times


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_is_believed(mark):
    assert "a Größe".encode(mark).decode(encoding_of("a Größe".encode(mark))) == "a Größe"


def test_what_is_found_far_behind_decides_too():
    data = b"plain ASCII line\n" * 20_000 + JAPANESE.encode("shift_jis")
    assert data.decode(encoding_of(data)).endswith(JAPANESE)


@pytest.mark.parametrize("zeros", [b"ab\0cd\0ef", b"a\0\0b" * 20, b"odd\0\0"])
def test_zero_bytes_on_both_sides_are_no_utf16(zeros):
    assert wide_encoding(zeros) == ""


def test_random_bytes_are_binary():
    noise = random.Random(7)
    for size in (3, 40, 400, 4000):
        data = bytes(noise.randrange(1, 256) for _ in range(size)) + b"\x01\xff\x81\x8d"
        assert encoding_of(data) == ""
        assert "save it as UTF-8" in read_text("a.txt", data).refused[0].reason


def test_half_of_a_character_after_a_mark_is_refused():
    assert str(read_text("a.txt", codecs.BOM_UTF32_LE + b"a\0").refused[0]) == "a.txt is no valid UTF-32; save it as UTF-8"
