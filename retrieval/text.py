"""Analysers: what BM25 sees of a text.

One regular expression cuts a text into *surfaces*; the terms of each different surface are worked out once and remembered.

- **Words** are folded (NFKC, then case), dropped where they are stop words of the language, and stemmed by Snowball. A possessive
  's goes; at other apostrophes a word falls into its parts, of which single letters go (`l'eau` gives eau). Accents stay.
- **Plain compounds** (`state-of-the-art`, `and/or`) give the words they are made of.
- **Identifiers** are surfaces with other inner punctuation (`. - _ / : @ &`), or with digits. They are kept *whole and in parts*,
  from the outside in: `TMX_450/24` gives tmx_450/24, tmx_450, tmx, 450, 24. A whole is neither stopped nor stemmed. A part that
  is a word is treated as a word, so that the query "score" finds `get_scores`. camelCase counts as one word and as its humps.
  Wholes of more than 64 characters (addresses, data) are left out; their parts are not.
- **Numbers** are never stemmed. `1,000` is 1000. A number with dots stays whole; with two or more it also gives its first two
  places and every place, so that `v3.11.7` is found by "3.11.7", by "3.11" and by "v3.11.7". `24V` also gives 24 and v. Codes
  that change between letters and digits more than twice (hashes) are not cut there; a hexadecimal number also gives its digits.
- **Signs that belong to a name**: `C++`, `C#`, `.NET`.
- **Chinese, Japanese and Korean** runs give overlapping pairs of characters; a single character gives itself.

Left out: word segmentation of Thai, Lao, Khmer and Burmese, lemmas, and compounds written as one word (German).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from threading import Lock
from typing import Any
from unicodedata import normalize

from retrieval.errors import require
from retrieval.stop_words import STOP_WORDS

LONGEST = 64  # characters of an identifier that is kept whole
REMEMBERED = 500_000  # surfaces of one analyser

# Scripts that put no spaces between words, and combining marks, which `\w` leaves out.
CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3031-\u3035\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\uff66-\uff9f\uffa0-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u0900-\u0963\u0971-\u0dff\u0e31-\u0e3a"
    "\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u0f71-\u0fbc\u102b-\u103e\u1056-\u109d\u17b4-\u17dd\u200c\u200d\ufe00-\ufe0f"
)
ASCII = r"[0-9A-Za-z_]++"  # told apart because it is much faster than the general case
PART = rf"(?:{ASCII}|[^\W{CJK}])(?:{ASCII}|[^\W{CJK}]|[{MARKS}])*+"
JOINT = r"(?:::|[-./:@&'’‐‑－．／＠＆＿]|,(?<=\d,)(?=\d{3}(?!\d)))"
SURFACE = re.compile(
    rf"(?:{PART}|\.(?<![\w.)\]]\.)(?=[^\W\d_]){PART})"  # the dot of .NET
    rf"(?:{JOINT}{PART})*"  # not possessive: Python 3.11.2 then keeps a joint that nothing follows
    rf"(?:\+\+(?![^\W\d_])|#(?!\w))?"  # the signs of C++ and C#
    rf"|[{CJK}]+"
)
CLUSTER = re.compile("[\u1100-\u115f][\u1160-\u11a7]*[\u11a8-\u11ff]*|.[\u3099\u309a\uff9e\uff9f]*", re.DOTALL)
IDEOGRAPH = re.compile(f"[{CJK}]")

COMPOUND = re.compile(r"[^\W\d_]+(?:[-/'‐‑][^\W\d_]+)+")
ABBREVIATION = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
STRONG = re.compile(r"::|[/:@&]|(?<!\d)\.|\.(?!\d)")
WEAK = re.compile(r"[-_/‐‑]+")
RUN = re.compile(r"\d+(?:\.\d+)*|[^\d.]+")
HEXADECIMAL = re.compile(r"0x[0-9a-f]+")
HUMP = re.compile(r"UU+s(?![ls])|U+(?=U[ls])|U?[ls]+|U+")


@dataclass(frozen=True, slots=True)
class Token:
    """Characters `start` to `end` of a text, and the terms they became: none for a stop word. Pairs of CJK overlap by one."""

    surface: str
    start: int
    end: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analyser:
    """How texts and queries become terms; both must use the same one.

    `language` names a Snowball stemmer ("none": no stems and no stop words). Stop words are known for the languages of
    `stop_words.py` and ignored elsewhere. Without `identifiers`, a surface is cut at its punctuation and nothing is kept whole.
    Raises BadSetting for a language that Snowball does not know. Thread-safe.
    """

    language: str = "english"
    stop_words: bool = True
    stems: bool = True
    identifiers: bool = True

    def __post_init__(self) -> None:
        known = languages()
        require(self.language in known, f"language {self.language!r} is not known to Snowball; choose one of {', '.join(known)}")

    def terms(self, text: str) -> list[str]:
        """The terms of `text`, in its order: what BM25 sees."""
        return list(chain.from_iterable(map(_memory(self).__getitem__, SURFACE.findall(text))))

    def tokens(self, text: str) -> list[Token]:
        """What became of each surface of `text`, with its place; their terms one after the other are `terms(text)`."""
        memory = _memory(self)
        tokens = []
        for match in SURFACE.finditer(text):
            spans = _pairs(match.group(), match.start()) if IDEOGRAPH.match(match.group()) else [match.span()]
            tokens += [Token(text[start:end], start, end, memory[text[start:end]]) for start, end in spans]
        return tokens


def languages() -> tuple[str, ...]:
    """The languages an `Analyser` takes, "none" first."""
    import Stemmer

    return ("none", *sorted(Stemmer.algorithms()))


@lru_cache(maxsize=16)
def _memory(analyser: Analyser) -> _Memory:
    return _Memory(analyser)


class _Memory(dict[str, tuple[str, ...]]):
    """Surface to terms; what is missing is worked out on the way. Emptied when full, so that it stays bounded."""

    def __init__(self, analyser: Analyser) -> None:
        super().__init__()
        self._words = _Words(analyser)

    def __missing__(self, surface: str) -> tuple[str, ...]:
        if IDEOGRAPH.match(surface):  # runs are seldom met again
            return tuple(normalize("NFKC", surface[start:end]) for start, end in _pairs(surface, 0))
        terms = self._terms(surface)
        if len(self) >= REMEMBERED:
            self.clear()
        self[surface] = terms
        return terms

    def _terms(self, surface: str) -> tuple[str, ...]:
        text = normalize("NFKC", surface).replace("\u00ad", "").replace("’", "'")
        if text != surface:
            return tuple(chain.from_iterable(map(self.__getitem__, SURFACE.findall(text))))
        return tuple(dict.fromkeys(self._words.of(surface)))


def _pairs(run: str, offset: int) -> list[tuple[int, int]]:
    """Spans of the overlapping pairs of characters of a CJK run; a character keeps its combining marks."""
    spans = [match.span() for match in CLUSTER.finditer(run)]
    pairs = pairwise(spans) if len(spans) > 1 else zip(spans, spans, strict=True)
    return [(offset + first[0], offset + second[1]) for first, second in pairs]


class _Words:
    """The rules for one surface that is not CJK, already normalised."""

    def __init__(self, analyser: Analyser) -> None:
        import Stemmer

        plain = analyser.language == "none"
        self._stop_words = STOP_WORDS.get(analyser.language, frozenset()) if analyser.stop_words else frozenset()
        self._stemmer: Any = None if plain or not analyser.stems else Stemmer.Stemmer(analyser.language)
        self._identifiers = analyser.identifiers
        self._lock = Lock()

    def of(self, surface: str) -> Iterator[str]:
        """The terms of a surface; doubles are possible."""
        text = surface.replace(",", "")
        if text.casefold() in self._stop_words:
            return
        body = text.removesuffix("'s").removesuffix("'S").strip(".+#_")
        if not body:
            return
        if not self._identifiers:
            for part in re.split(r"[^\w'" + MARKS + "]|_", body):
                yield from self._apostrophes(part, self._simple)
        elif text[0] in "._" or text[-1] in "+#_":
            yield from self._whole(text)
            if len(body) > 1:
                yield from self._named(body)
        else:
            yield from self._named(body)

    def _named(self, body: str) -> Iterator[str]:
        """Whole and parts of what may be an identifier, from the outside in."""
        if ABBREVIATION.fullmatch(body):
            yield from self._whole(body)
            return
        plain = COMPOUND.fullmatch(body)
        pieces = [piece for piece in STRONG.split(body) if piece]
        if len(pieces) > 1 and not plain:
            yield from self._whole(body)
        for piece in pieces:
            atoms = [atom for atom in WEAK.split(piece) if atom]
            if len(atoms) > 1 and not plain:
                yield from self._whole(piece)
            for atom in atoms:
                yield from self._apostrophes(atom, self._atom)

    def _whole(self, text: str) -> Iterator[str]:
        if len(text) <= LONGEST:
            yield text.casefold()

    def _apostrophes(self, atom: str, rule: Callable[[str], Iterator[str]]) -> Iterator[str]:
        """Apply `rule` to an atom, or to its parts between apostrophes that are more than a letter."""
        parts = atom.split("'")
        for part in parts:
            if len(part) > 1 or (part and len(parts) == 1):
                yield from rule(part)

    def _atom(self, atom: str) -> Iterator[str]:
        """A word, camelCase, a number, or letters and digits together."""
        if not any(map(str.isdigit, atom)):
            yield from self._camel(atom)
            return
        runs = RUN.findall(atom)
        yield from self._whole(atom)
        if HEXADECIMAL.fullmatch(atom.casefold()):
            yield atom[2:].casefold()
        elif len(runs) <= 3:
            for run in runs:
                yield from self._number(run) if run[0].isdigit() else self._camel(run)

    def _camel(self, word: str) -> Iterator[str]:
        yield from self._word(word)
        if not (word.islower() or word[1:].islower() or word.isupper()):
            shape = "".join("U" if letter.isupper() else "s" if letter == "s" else "l" for letter in word)
            humps = [word[match.start() : match.end()] for match in HUMP.finditer(shape)]
            if len(humps) > 1:
                for hump in humps:
                    yield from self._word(hump)

    def _number(self, number: str) -> Iterator[str]:
        yield number
        places = number.split(".")
        if len(places) > 2:
            yield ".".join(places[:2])
            yield from places

    def _simple(self, part: str) -> Iterator[str]:
        """A part where identifiers are not looked for."""
        yield from [part.casefold()] if any(map(str.isdigit, part)) else self._word(part)

    def _word(self, word: str) -> Iterator[str]:
        folded = word.casefold()
        if folded in self._stop_words:
            return
        if self._stemmer is None:
            yield folded
        elif len(word) > 2 and word[-1] == "s" and word[:-1].isupper():
            yield folded[:-1]  # RNAs, GPUs
        else:
            with self._lock:  # a Snowball stemmer serves one thread at a time
                yield self._stemmer.stemWord(folded) or folded
