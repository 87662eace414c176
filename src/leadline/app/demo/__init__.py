"""A made-up company to try everything on: Quillstone, which sells workflow automation from quote to cash.

:func:`write` makes its project folder: fifteen months of people, accounts, activities, deals and what the CRM recorded, a
definition, a proposal for the next one, and ``truth.json`` with what was planted. Nobody in it exists.

The story in order: :mod:`~leadline.app.demo.company` and :mod:`~leadline.app.demo.people` draw who is out there,
:mod:`~leadline.app.demo.journeys` tells week by week what they do and what comes of it by the rules of
:mod:`~leadline.app.demo.truth`, :mod:`~leadline.app.demo.blemishes` spoils the data as real data is spoiled,
:mod:`~leadline.app.demo.tables` turns it into exports, :mod:`~leadline.app.demo.world` writes them.
"""

from leadline.app.demo.example import example_person
from leadline.app.demo.world import write

__all__ = ["example_person", "write"]
