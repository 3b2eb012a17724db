"""Definitions and statements of source code by tree-sitter's grammars, which come as Python packages and load when first needed.

A node that begins a line is a place for a cut, together with the comments and annotations before it. Definitions are headings:
"class Crane", "def lift".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from retrieval.chunking.grades import BLOCK, DEEPEST, LINE, Strengths, line_places, next_character, strongest_of
from retrieval.types import Heading

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

GRAMMARS: dict[str, tuple[str, str]] = {
    "bash": ("tree_sitter_bash", "language"),
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "python": ("tree_sitter_python", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
}

_DEFINITION = re.compile(
    r"(abstract_|generator_)?(class|function|method|constructor|interface|enum|struct|record|trait|namespace|impl|mod|type)"
    r"_(declaration|definition|item|spec)|(class|struct)_specifier|class|module|method|singleton_method|internal_module"
)
_BOUND_TO_NEXT = re.compile(r".*comment|attribute_item|attribute_list|decorator|access_specifier|template_parameter_list")
_WRAPPERS = {"export_statement", "decorated_definition", "template_declaration", "ambient_declaration", "type_declaration"}
_ANNOTATION = re.compile(r"@[\w.]+(\([^)]*\))?\s*|#?\[[^\]]*\]\s*")
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class _Found:
    """A node, the node with which it begins (its first comment, say), its depth, and its level if it is a heading."""

    node: Node
    first: Node
    depth: int
    level: int


def read_code(text: str, syntax: str) -> tuple[tuple[Heading, ...], Strengths]:
    """Definitions as headings, nested as in the code, and graded places: the shallower the better, after blank lines before
    others; at last every line. A definition's end is a heading without words where something else follows.
    """
    source = text.encode("utf-8", "replace")
    lines = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    headings: dict[int, Heading] = {}
    ends: dict[int, Heading] = {}
    strengths: Strengths = {}
    for found in _walk(_parser(syntax).parse(source).root_node):
        row = found.first.start_point.row
        start = next_character(text, lines[row])
        if start - lines[row] != found.first.start_point.column:
            continue  # something stands before it on its line
        after_blank = row > 0 and not text[lines[row - 1] : lines[row]].strip()
        strengths.setdefault(start, BLOCK + 2 * min(found.depth, DEEPEST) + (not after_blank))
        if start not in headings and (title := _title(found.node, source)):
            headings[start] = Heading(start, found.level, title)
            end = next_character(text, lines[_row_after(found.node, len(lines) - 1)])
            if end < len(text):
                level = min(found.level, ends[end].level) if end in ends else found.level
                ends[end] = Heading(end, level, "")
    ordered = sorted((ends | headings).values(), key=lambda heading: heading.start)
    return tuple(ordered), strongest_of(strengths, line_places(text, 0, LINE - 1, LINE))


def _walk(root: Node) -> Iterator[_Found]:
    """All nodes that may begin a line, outer ones first, in the order of the text."""
    stack = [_Found(root, root, 0, 0)]
    while stack:
        at = stack.pop()
        if at.node is not root:
            yield at
        if at.node.start_point.row == at.node.end_point.row:
            continue
        level = at.level + 1 if at.node is root or _is_definition(at.node) else at.level
        inside: list[_Found] = []
        bound = at.first if at.node.type in _WRAPPERS else None
        for child in at.node.named_children:
            if _BOUND_TO_NEXT.fullmatch(child.type):
                bound = bound or child
                continue
            inside.append(_Found(child, bound or child, at.depth + 1, level))
            bound = None
        if bound is not None and bound is not at.first:
            inside.append(_Found(bound, bound, at.depth + 1, level))
        stack += reversed(inside)


def _is_definition(node: Node) -> bool:
    """Whether the node gives a name to something with an inside; `struct pump p;` only uses one."""
    if node.type in _WRAPPERS or not _DEFINITION.fullmatch(node.type):
        return False
    return not node.type.endswith("_specifier") or node.child_by_field_name("body") is not None


def _title(node: Node, source: bytes) -> str:
    """The words of a definition's line up to its name, without annotations; "" for other nodes and where there is no name."""
    if not _is_definition(node):
        return ""
    name = node.child_by_field_name("name") or node.child_by_field_name("declarator")
    if name is None and node.type == "impl_item":
        name = node.child_by_field_name("type")
    while name is not None and (inner := name.child_by_field_name("declarator")) is not None:
        name = inner
    if name is None:
        return ""
    words = source[node.start_byte - node.start_point.column : name.end_byte].decode("utf-8", "replace")
    return " ".join(_ANNOTATION.sub("", words).split())[:_LONGEST_TITLE]


def _row_after(node: Node, last: int) -> int:
    """The row after a node; some grammars let a node end at the start of that row."""
    return min(node.end_point.row + (node.end_point.column > 0), last)


@lru_cache(maxsize=len(GRAMMARS))
def _parser(syntax: str) -> Parser:
    from tree_sitter import Language, Parser

    module, function = GRAMMARS[syntax]
    return Parser(Language(getattr(import_module(module), function)()))
