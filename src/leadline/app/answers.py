"""The types of answers, for faces to name: they see of the stages what app hands on, and nothing else."""

from leadline.engine.receipt import Answer, Evidence, Line, Receipt
from leadline.engine.scored import Scored
from leadline.facts.report import FactsReport, RelationReport

__all__ = ["Answer", "Evidence", "FactsReport", "Line", "Receipt", "RelationReport", "Scored"]
