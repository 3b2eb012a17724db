"""Ways to damage a file. Each takes the random numbers, the file and another one, and returns the damaged bytes."""

from __future__ import annotations

import zipfile
from io import BytesIO

EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
TOKENS = (
    b"\0",
    b"\xff\xfe",
    b'"',
    b"<",
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>&x;",
    b"\n",
    b"{",
    b"[" * 500,
    b"\xed\xa0\x80",
    b"%PDF-",
    b"PK\x03\x04",
)


def flip_bits(random, data, other):
    damaged = bytearray(data)
    for _ in range(random.choice((1, 4, 40))):
        damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
    return bytes(damaged)


def truncate(random, data, other):
    return data[: random.randrange(len(data))]


def cut_out(random, data, other):
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:]


def splice(random, data, other):
    return data[: random.randrange(len(data))] + other[random.randrange(len(other)) :]


def repeat(random, data, other):
    start = random.randrange(len(data))
    block = data[start : start + random.choice((1, 16, 400))]
    return data[:start] + block * random.choice((2, 30, 300)) + data[start:]


def set_length(random, data, other):
    width = random.choice((1, 2, 4))
    start = random.randrange(max(1, len(data) - width))
    value = (random.choice(EXTREMES) & (256**width - 1)).to_bytes(width, random.choice(("little", "big")))
    return data[:start] + value + data[start + width :]


def insert(random, data, other):
    start = random.randrange(len(data) + 1)
    return data[:start] + random.choice(TOKENS) + data[start:]


def noise(random, data, other):
    return random.randbytes(random.randrange(2_000))


def inside(random, data, other):
    """Damages one file inside a ZIP container, so that the container itself stays whole; other files are damaged as they are."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
    except Exception:  # no container, or one that was damaged before
        return insert(random, data, other)
    victim = random.choice(sorted(parts))
    parts[victim] = random.choice((flip_bits, cut_out, insert, repeat))(random, parts[victim] or b"\n", other)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


MUTATIONS = (flip_bits, truncate, cut_out, splice, repeat, set_length, insert, noise, inside)
