"""Tracks → the rules by which their spells begin and end, as instructions. Pure.

A spell begins when ``only`` and ``when`` are true while ``leave`` and every rule of ``disqualify`` and ``suspend`` aren't; it
ends when ``only`` isn't true, ``leave`` is (without ``leave``: ``when`` isn't) or one of these rules is. Either is a list of
demands: unknown counts as not true, each by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from leadline.definition.conditions.tree import Node, Op
from leadline.engine import instructions as words
from leadline.engine.code import NO, YES, Code, denied, height, in_order
from leadline.engine.instructions import DEPTH
from leadline.engine.model import Program, TrackRule
from leadline.engine.truths import Legend, Pool, Truths
from leadline.errors import Unsupported

_FUSED = {words.LEAST: words.NEED_LEAST, words.BELOW: words.NEED_BELOW}
_RANGE = [words.LEAST, words.UNLESS, words.BELOW, words.AND]


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
    (word, operand, bound), *others = code
    if word in _FUSED and not others:
        yield ((_FUSED[word], operand, bound),)
    elif word == words.FLAG and not others:
        yield ((words.NEED_FLAG, operand, 0),)
    elif [row[0] for row in code] == _RANGE:
        yield from (((_FUSED[row[0]], row[1], row[2]),) for row in (code[0], code[2]))
    elif code != YES:
        yield (*code, (words.NEED, 0, 0))


def _bar(code: Code) -> Iterator[Code]:
    (word, operand, _), *others = code
    if word in _FUSED and not others:
        yield from _need(denied(code))
    elif word == words.FLAG and not others:
        yield ((words.BAR_FLAG, operand, 0),)
    elif code != NO:
        yield (*code, (words.BAR, 0, 0))
