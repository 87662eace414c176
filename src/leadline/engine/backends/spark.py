"""Spark, for those who outgrow a machine: it classifies activities, and the kernel runs inside its executors.

Only what nobody can do elsewhere happens on the driver: nothing is collected there. People and accounts come from the
mirror, which the executors read as Parquet, and scored rows go back into ``.leadline/``; so a cluster needs the project's
folder at the same path everywhere, and Leadline installed (``pip install leadline[spark]``).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from leadline.engine.backends import spark_plan
from leadline.errors import ServiceFailed, Unsupported

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import DataFrame, SparkSession

    from leadline.engine.backends import Progress
    from leadline.engine.plan import Layout, Plan
    from leadline.engine.receipt import PersonFacts
    from leadline.engine.scored import Scored
    from leadline.facts.mirror import Mirror
