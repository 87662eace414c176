"""What came of it: spells matched with deals and with what reps said, and how sure one can be of the figures.

- :mod:`.model`: what happened in sales as columns, what is credited to spells, estimates and curves.
- :mod:`.store`: both read from a mirror.
- :mod:`.recorded`: the spells that the CRM recorded.
- :mod:`.matching`: what came of spells.
- :mod:`.maturity`: how long it takes, which spells are too young to judge, and curves that take care of them.
- :mod:`.intervals`: how sure a share or a sum is.

In the order of use::

    happened = store.read(mirror.path)  # Happened
    outcomes = matching.settle(happened, until)  # once for any number of courses
    spells = recorded.spells(happened.lead_stages, until)  # or those of a replay
    came = matching.credit(spells, outcomes)  # Credited, parallel to spells and to outcomes.deals

An outcome is credited at most once among the spells of one call, so give it the spells of one course at a time.
Everything but the store is pure. The rules and the sources of the formulas stand in ``docs/outcomes.md``.
"""
