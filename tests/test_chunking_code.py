"""Source code: what is a heading in each language, and where code is cut."""

from __future__ import annotations

import pytest

from retrieval.chunking import StructureAware, outline, split
from retrieval.chunking.code import GRAMMARS
from retrieval.embedders import word_tokenizer
from retrieval.types import Document, Structure

SOURCES = {
    "bash": ("lift() {\n  echo up\n}\n\nfunction lower {\n  echo down\n}\n", ["1 lift", "1 function lower"]),
    "c": (
        "struct crane {\n  int load;\n};\n\nstruct crane *make(int load)\n{\n  return 0;\n}\n\nstruct crane spare;\n",
        ["1 struct crane", "1 struct crane *make"],
    ),
    "cpp": (
        "namespace yard {\nclass Crane {\n public:\n  void lift() {\n    up();\n  }\n};\n}\n",
        ["1 namespace yard", "2 class Crane", "3 void lift"],
    ),
    "csharp": (
        "namespace Yard {\n  class Crane {\n    [Pure]\n    public void Lift() {\n      Up();\n    }\n  }\n}\n",
        ["1 namespace Yard", "2 class Crane", "3 public void Lift"],
    ),
    "go": (
        "package yard\n\ntype Crane struct {\n\tload int\n}\n\n// Lift lifts.\nfunc (c *Crane) Lift() {\n\tc.load++\n}\n",
        ["1 type Crane", "1 func (c *Crane) Lift"],
    ),
    "java": (
        "class Crane {\n  @Override\n  public void lift(int load) {\n    up();\n  }\n\n  Crane() {\n    up();\n  }\n}\n",
        ["1 class Crane", "2 public void lift", "2 Crane"],
    ),
    "javascript": (
        "export class Crane {\n  lift() {\n    up();\n  }\n}\n\nfunction lower() {\n  down();\n}\n",
        ["1 export class Crane", "2 lift", "1 function lower"],
    ),
    "php": (
        "<?php\nclass Crane {\n  public function lift() {\n    up();\n  }\n}\n",
        ["1 class Crane", "2 public function lift"],
    ),
    "python": (
        "class Crane:\n    @cached\n    def lift(self):\n        return 1\n\n\nasync def lower():\n    return 2\n",
        ["1 class Crane", "2 def lift", "1 async def lower"],
    ),
    "ruby": (
        "module Yard\n  class Crane\n    def lift\n      up\n    end\n  end\nend\n",
        ["1 module Yard", "2 class Crane", "3 def lift"],
    ),
    "rust": (
        "struct Crane {\n    load: u32,\n}\n\nimpl Crane {\n    pub fn lift(&self) {\n        up();\n    }\n}\n",
        ["1 struct Crane", "1 impl Crane", "2 pub fn lift"],
    ),
    "tsx": (
        "export function Crane() {\n  return <div>\n    up\n  </div>;\n}\n",
        ["1 export function Crane"],
    ),
    "typescript": (
        "interface Load {\n  mass: number;\n}\n\nexport abstract class Crane {\n  lift(load: Load): void {\n    up();\n  }\n}\n",
        ["1 interface Load", "1 export abstract class Crane", "2 lift"],
    ),
}

PYTHON = """import os
import sys

LIMIT = 5

# Lifts what it is told to.
@dataclass
class Crane:
    load: int

    def lift(self, rope):
        tension = rope + 1
        return tension

    def lower(self, rope):
        return rope

TAIL = 1
"""


def chunked(text, size, syntax):
    return split(Document("d", text, structure=Structure(syntax)), StructureAware(size), word_tokenizer())


@pytest.mark.parametrize("syntax", GRAMMARS)
def test_the_definitions_of_every_language_are_headings(syntax):
    text, expected = SOURCES[syntax]
    found = outline(Document("d", text, structure=Structure(syntax)))
    assert [f"{heading.level} {heading.title}" for heading in found if heading.title] == expected


def test_definitions_stay_whole_and_are_named():
    # words: imports and limit 6, class to load 13 (its comment and decorator go with it), lift 10, lower 6, tail 2
    chunks = chunked(PYTHON, 14, "python")
    assert [(chunk.text.split("\n")[0], chunk.headings) for chunk in chunks] == [
        ("import os", ()),
        ("# Lifts what it is told to.", ("class Crane",)),
        ("def lift(self, rope):", ("class Crane", "def lift")),
        ("def lower(self, rope):", ("class Crane", "def lower")),
        ("TAIL = 1", ()),
    ]
    assert [chunk.context for chunk in chunks] == ["", "", "class Crane", "class Crane", ""]
    assert chunks[2].text.endswith("return tension")


def test_a_definition_that_is_too_long_is_cut_between_statements_after_blank_lines():
    body = "def lift():\n    first = one(two)\n    second = one(two)\n\n    third = one(two)\n    fourth = one(two)\n"
    # def lift, first and second 2 + 4 + 4 = 8 of words; a context of 2 leaves 8 for third and fourth
    assert [chunk.text for chunk in chunked(body, 10, "python")] == [
        "def lift():\n    first = one(two)\n    second = one(two)",
        "third = one(two)\n    fourth = one(two)",
    ]


def test_other_languages_are_cut_at_blank_lines():
    text = "PROC LIFT\n  MOVE UP\n  MOVE UP\n\nPROC LOWER\n  MOVE DOWN\n"
    assert [chunk.text for chunk in chunked(text, 6, "cobol")] == [
        "PROC LIFT\n  MOVE UP\n  MOVE UP",
        "PROC LOWER\n  MOVE DOWN",
    ]
    assert outline(Document("d", text, structure=Structure("cobol"))) == ()


def test_code_that_is_not_of_its_language_is_cut_all_the_same():
    chunks = chunked("}} this is (\n no python ]\n" * 20, 12, "python")
    assert max(word_tokenizer().counts([chunk.content for chunk in chunks])) <= 12
    assert sum(chunk.text.count("python") for chunk in chunks) == 20


def test_deeply_nested_code_needs_no_deep_stack():
    chunks = chunked("".join(f"{' ' * depth}if x:\n" for depth in range(1500)), 100, "python")
    assert sum(chunk.text.count("if x") for chunk in chunks) == 1500
