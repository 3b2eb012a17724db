"""Numbers of the page in words."""

from __future__ import annotations


def asked(count: int) -> str:
    """ "1 query", "300 queries"."""
    return f"{count:,} {'query' if count == 1 else 'queries'}"
