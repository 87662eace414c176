"""The instructions that rules become, for :mod:`leadline.engine.judge`; free of numba, like :mod:`leadline.engine.terms`.

An instruction is (operation, operand, third). A rule is a sequence of demands, each of which may end it, up to ``END``;
what a demand can't say by itself is worked out on a stack before it. Jumps are relative, so that equal rules are equal.

On the stack lie numbers, as (low, high, what it may be: ``VALUE | NULL | NAN``), and truths, as (``TRUE | FALSE | UNKNOWN``):
what the truth may be. Orders of two numbers are sets too, which makes a comparison the question whether their order is
among those wanted.
"""

from __future__ import annotations

DEPTH = 64
"""How high the stack can grow."""

TRUE, FALSE, UNKNOWN = 1, 2, 4
VALUE, NULL, NAN = 1, 2, 4
LESS, EQUAL, GREATER = 1, 2, 4

# Demands. Most rules are made of nothing else.
NEED_LEAST = 0
"""A register is at least ``third`` micro-points."""
NEED_BELOW = 1
NEED_FLAG = 2
"""A slot is true."""
BAR_FLAG = 3
"""A slot isn't true."""
NEED = 4
"""The truth on the stack is true."""
BAR = 5
"""The truth on the stack isn't true."""
END = 6
TURN = 7
"""From here on a demand that isn't met makes the rule true, and the end makes it false."""

# What puts something on the stack.
LEAST = 8
"""Whether a register is at least ``third`` micro-points."""
BELOW = 9
FLAG = 10
"""A slot, as a truth."""
TRUTH = 11
"""The truth that is the operand."""
REGISTER = 12
"""A register, in points."""
CONSTANT = 13
SLOT = 14
"""A slot, as a number."""
NOTHING = 15
"""The number NULL."""

# Where to go on, ``third`` instructions from the next. The truth stays on the stack.
UNLESS = 16
"""Jump if the truth can only be false."""
WHEN = 17
"""Jump if the truth can only be true."""

# What works on the stack alone.
NOT = 18
NEGATE = 19
IS_NULL = 20
IS_UNKNOWN = 21
AND = 22
OR = 23
SAME = 24
"""Whether two truths are the same."""
KNOWN = 25
"""The first of two truths that is known."""
COMPARE = 26
"""Whether the order of two numbers is among those of the operand: ``LESS | EQUAL | GREATER``."""
PRESENT = 27
"""The first of two numbers that isn't NULL."""
ADD = 28
SUBTRACT = 29
MULTIPLY = 30
DIVIDE = 31
