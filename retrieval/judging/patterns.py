"""What the rules of `classes` look for: regular expressions over NFKC texts. Their words are English."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

QUOTED = re.compile(r'"(?=[^"]*\w)[^"]+"|“(?=[^“”]*\w)[^“”]+”|„(?=[^„“”]*\w)[^„“”]+[“”]|«(?=[^«»]*\w)[^«»]+»|「[^「」]+」')

_UNITS = (
    "mm²|cm²|mm2|cm2|m²|m2|mm|cm|km|m|in|ft|inch(?:es)?|feet|miles?|metres?|meters?|kg|mg|g|lb|tonnes?|tons?|"
    "mA|kA|Ah|A|mV|kV|V|kW|MW|W|kWh|Wh|Hz|kHz|MHz|GHz|rpm|bar|psi|N|Nm|lm|cd/m2|cd|dB|Ω|ohms?|"
    "°C|°F|° ?C|degrees?|%|percent|per cent|ms|µs|μs|ns|s|sec|seconds?|min|minutes?|h|hours?|days?|weeks?|months?|years?|"
    "[kKMGT]i?[bB](?:/s)?|bytes?|records?|rows?|partitions?|people|persons?|"
    "k|m|bn|million|billion|thousand|€|\\$|£|euros?|eur|usd|dollars?|pounds?|gbp"
)
_NUMBER = r"\d+(?:[.,]\d+)*"
QUANTITY = re.compile(
    rf"(?<![\w.-])(?:[€$£] ?{_NUMBER}|{_NUMBER} ?(?:{_UNITS})(?![\w/])"
    rf"|(?:at (?:least|most)|more than|less than|fewer than|no more than|up to|over|under|above|below|exceeding|about) {_NUMBER}"
    rf"|[<>≤≥] ?=? ?{_NUMBER})"
)
ASKED_NUMBER = re.compile(
    r"\b(?:how (?:many|much|long|far|big|large|high|deep|fast|old|often|tall|wide|heavy|hot|cold)\b"
    r"|(?:max|min|maximum|minimum|average|mean|median|total) (?=\w)"
    r"|(?:number|percentage|percent|share|amount|quantity|size|cost|price) of\b|price\b|which ports?\b)",
    re.IGNORECASE,
)

_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
DATE = re.compile(
    rf"(?<![\w.,/-])(?:{_YEAR}(?:s\b|(?![\w/-]|[.,]\d))|{_YEAR}-[01]?\d(?:-[0-3]?\d)?\b|[0-3]?\d[./][0-3]?\d[./]{_YEAR}\b)"
    rf"|\b{_MONTH}\.? (?:of )?(?:\d{{1,2}}(?:st|nd|rd|th)?\b|{_YEAR}\b)|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)[ -]century\b|\bQ[1-4] ?/? ?20\d\d\b",
    re.IGNORECASE,
)
ASKED_TIME = re.compile(
    r"^(?:since |until |by )?when\b|\b(?:since|until|from) when\b|, when\b"
    r"|\b(?:what|which|in what|in which|during what|during which) (?:year|month|date|day|century|decade|era|period|time)\b"
    r"|\b(?:what|which|in which|last|latest|newest|first|current|newer|older) (?:\w+ )?"
    r"(?:release|version|revision|edition|deadline)\b"
    r"|\b(?:newest|latest|most recent|oldest|earliest|newly|recently)\b"
    r"|\b(?:successor|predecessor|superseded|discontinued|phased out|deprecated|introduced|launched)\b"
    r"|\bend of (?:life|support|sale)\b"
    r"|\bwhat (?:replaced|changed|came (?:after|before))\b|\b(?:last order|release|start|end|due|expiry) date\b",
    re.IGNORECASE,
)

# A code has a letter and a digit, or a mark inside that prose does not have. What is a quantity ("48V", "10mm", "3am", "12k"),
# an ordinal ("2nd"), a compound with a number ("24-hour"), a decade ("1980s") or a unit ("cd/m2") is none.
_NO_CODE = (
    rf"(?!\d+(?:[.,]\d+)*(?:{_UNITS}|[ap]m|st|nd|rd|th|s|x|d|D)(?![\w.:-]\w))(?!\d+(?:\.\d+)?-[^\W\d_]+(?![\w-]))"
    r"(?!(?:e\.g|i\.e|a\.m|p\.m|u\.s|u\.k|[a-z]{1,3}/[a-z]{1,3}[23]?)\b)"
)
IDENTIFIER = re.compile(
    rf"(?<![\w./:-]){_NO_CODE}(?:"
    r"0[xX][0-9a-fA-F]+"
    r"|[A-Z]{2,}[ ]\d{2,}(?: [A-Z0-9]{1,4})*(?!\w)"  # CC 4410, VDN 2410 X
    r"|[vV]?\d+(?:\.\d+){2,}(?:-\w+)*(?!\w)"  # v3.11.7, 4.0.0-rc2
    r"|\d{2,}(?:-\d{2,}){2,}(?!\w)"  # 5510-0042-03
    r"|#\d{2,}"
    r"|\w+(?:(?:::|[./:#-])\w+)*\(\)"  # get_offsets()
    r"|_*[^\W_]+(?:_+[^\W_]+)+|__?[^\W\d_]\w*"  # E_LEASE_LOST
    r"|[^\W\d_]\w*(?:(?:\.|::)[^\W\d_]\w+)+(?![.:]\w)"  # ProducerBatch.flush
    r"|[a-z]+(?:[A-Z][a-z]+)+(?!\w)|[A-Z][a-z]+(?:[A-Z][a-z]+)+(?!\w)"  # seekToTimestamp
    r"|(?=[\w./:-]*[^\W\d_])(?=[\w./:-]*\d)(?=[\w./:-]{4})\w+(?:[./:-]\w+)*(?!\w)"  # KX7.24-R2, HN-2008P
    r")"
)

_JOIN = (
    "(?:and|but|or|so|then|because|although|though|while|whereas|unless|if|when|whether|until|without|so that"
    "|that|which|who|whose)"
)
BOUNDARY = re.compile(
    rf"(?:[,;:](?=\s)|[.?!](?=\s+\w)|\s[-–—](?=\s))(?:\s+{_JOIN}\b)?|\s(?!(?:or|so|then)\s){_JOIN}\s",
    re.IGNORECASE,
)

QUESTION = re.compile(
    r"^(?:what|which|who|whom|whose|where|when|why|how|is|are|was|were|do|does|did|can|could|should|would|will|may|must|has|have)\b"
    r"|[?？؟]\s*$|^¿",
    re.IGNORECASE,
)
