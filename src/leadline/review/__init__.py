"""What we learn: definitions compared on what happened, with every figure's count and interval.

``model`` holds the types of the answers. ``plan`` puts a report together from spells and outcomes; ``entries``, ``results``,
``workload``, ``overlap``, ``breakdown``, ``changes``, ``sweep`` and ``verdict`` each make one part of it. All of them are pure;
``store`` reads what they need from the mirror.
"""
