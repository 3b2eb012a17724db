"""The guidelines that a query set starts with, in Markdown; the people who own the set rewrite them."""

from __future__ import annotations

GUIDELINES = """\
Judge how well the document serves **the need behind the query**, not how many words the two share. Read the query's note first:
it says what the person wants. Imagine that they see this document and nothing else.

For "how long may a pump run dry?":

- **3 Perfect** answers the need completely; the person stops searching: *"The DP4 may run dry for one hour."*
- **2 Relevant** answers a good part of it, or between other things: *"Running dry shortens the life of the seal."*
- **1 Related** is on the subject, but the need stays open: a page on how the pump is mounted.
- **0 Irrelevant** is of no use, even where the words match: *"How long may a cable run in a dry duct?"*

Then:

- Length, age, style and layout do not count, unless the query asks for them.
- Two documents that say the same get the same grade; how it was found or ranked does not matter.
- **Can't tell**: you do not understand the query or the document, or would need knowledge that you lack. Do not guess a grade.
- **Passages**: where one part answers, mark the shortest part that can be understood alone and grade that. Grade the whole
  document where the answer is spread over it.
- Unsure between two grades? Take the lower one, and write a note.
"""
