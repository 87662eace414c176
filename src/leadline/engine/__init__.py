"""Who qualifies, and when: compile → gather → kernel → settle.

:mod:`~leadline.engine.compile` turns a definition and a schema into a frozen :class:`~leadline.engine.model.Program`;
a back end gathers people and their classified activities; :mod:`~leadline.engine.kernel` measures every term in one
pass; :mod:`~leadline.engine.settle` makes groups, score, bands and tracks of the points. :mod:`~leadline.engine.explain`
shows what stands behind each point.
"""
