"""Tracks → the rules by which their spells begin and end, as instructions. Pure.

A spell begins when ``only`` and ``when`` are true while ``leave`` and every rule of ``disqualify`` and ``suspend`` aren't; it
ends when ``only`` isn't true, ``leave`` is (without ``leave``: ``when`` isn't) or one of these rules is. Either is a list of
demands: unknown counts as not true, each by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from leadline.definition.conditions.tree import Node, Op
from leadline.engine import instructions as words
from leadline.engine.code import NO, YES, Code, height, in_order
from leadline.engine.instructions import DEPTH
from leadline.engine.model import Program, TrackRule
from leadline.engine.truths import Legend, Pool, Truths
from leadline.errors import Unsupported

_NEEDED = {words.LEAST: words.NEED_LEAST, words.BELOW: words.NEED_BELOW, words.FLAG: words.NEED_FLAG}
_BARRED = {words.LEAST: words.NEED_BELOW, words.BELOW: words.NEED_LEAST, words.FLAG: words.BAR_FLAG}


def entering(program: Program, track: TrackRule, legend: Legend, pool: Pool) -> Code:
    """Return the rule by which a spell of a track begins.

    Raises:
        Unsupported: If a condition is more than a replay can follow; the text names the rule.
    """
    demands = _admitted(program, legend, pool)
    demands += _demands(_needed, Truths(legend, pool, f"tracks.{track.name}.when"), track.when.tree)
    if track.leave:
        demands += _demands(_barred, Truths(legend, pool, f"tracks.{track.name}.leave"), track.leave.tree)
    return _rule(demands)


def leaving(program: Program, track: TrackRule, legend: Legend, pool: Pool) -> Code:
    """Return the rule by which a spell of a track ends.

    Raises:
        Unsupported: If a condition is more than a replay can follow; the text names the rule.
    """
    demands = _admitted(program, legend, pool)
    if track.leave:
        demands += _demands(_barred, Truths(legend, pool, f"tracks.{track.name}.leave"), track.leave.tree)
    else:
        demands += _demands(_needed, Truths(legend, pool, f"tracks.{track.name}.when"), track.when.tree)
    return ((words.TURN, 0, 0), *_rule(demands))


def _admitted(program: Program, legend: Legend, pool: Pool) -> list[Code]:
    """Return what is demanded of everybody, whatever the track."""
    demands = _demands(_needed, Truths(legend, pool, "only"), program.only.tree) if program.only else []
    for key, rules in (("disqualify", program.disqualify), ("suspend", program.suspend)):
        for rule in rules:
            demands += _demands(_barred, Truths(legend, pool, f"{key}.{rule.name}"), rule.when.tree)
    return demands


def _rule(demands: Iterable[Code]) -> Code:
    rows = [row for demand in in_order(dict.fromkeys(demands)) for row in demand]
    return (*rows, (words.END, 0, 0))


def _demands(ask: Callable[[Truths, Node], Iterator[Code]], truths: Truths, node: Node) -> list[Code]:
    demands = list(ask(truths, node))
    if any(height(demand) > DEPTH for demand in demands):
        raise Unsupported(f"{truths.where}: the condition is nested too deep for a replay.", "Split it into several rules.")
    return demands


def _needed(truths: Truths, node: Node) -> Iterator[Code]:
    """Yield the demands that a condition is true."""
    if node.op is Op.AND:
        for part in truths.parts(node):
            yield from _needed(truths, part) if part.op is not Op.AND else _need(truths.truth(part))
    else:
        yield from _need(truths.truth(node))


def _barred(truths: Truths, node: Node) -> Iterator[Code]:
    """Yield the demands that a condition isn't true."""
    if node.op is Op.OR:
        for part in truths.parts(node):
            yield from _barred(truths, part) if part.op is not Op.OR else _bar(truths.truth(part))
    else:
        yield from _bar(truths.truth(node))


def _need(code: Code) -> Iterator[Code]:
    if _joins(code, words.UNLESS, words.AND):
        yield from _tests(code, _NEEDED)
    elif code != YES:
        yield (*code, (words.NEED, 0, 0))


def _bar(code: Code) -> Iterator[Code]:
    if _joins(code, words.WHEN, words.OR):
        yield from _tests(code, _BARRED)
    elif code != NO:
        yield (*code, (words.BAR, 0, 0))


def _joins(code: Code, *allowed: int) -> bool:
    """Return whether code only joins tests, in the one way that is allowed."""
    return all(word in _NEEDED or word in allowed for word, _, _ in code)


def _tests(code: Code, demands: Mapping[int, int]) -> Iterator[Code]:
    return (((demands[word], operand, third),) for word, operand, third in code if word in demands)
