"""What happened: sources → checked rows → the mirror.

:mod:`~leadline.facts.mirror` is the door: it opens a mirror, or has :mod:`~leadline.facts.build` make one, which tells in order
how rows are landed, checked, identified, derived from and written. :mod:`~leadline.facts.model` has the types.
"""
