"""What we learn: definitions compared on what happened, with every figure's count and interval.

``model`` holds the types of the answers (the smaller ones come from ``measured``). ``plan`` puts a report together from what ``entries``
makes of spells and ``contender`` of a side: ``results``, ``workload``, ``overlap``, ``breakdown``, ``changes``, ``sweep``, ``cautions`` and
``verdict`` each make one part of it. ``charts``, ``tables`` and ``report`` show it. All of them are pure; ``store`` reads what they need
from the mirror.
"""
