"""The 25 criteria in Spark SQL on two cores, by hand, over a mirror's Parquet.

    python -m bench.spark_user FOLDER AS_OF OUT
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

from bench import servers

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "4g",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def score(folder: Path, as_of: int, out: Path) -> None:
    """Write everybody's points to ``out``, best first."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    with tempfile.TemporaryDirectory() as scratch:
        builder = SparkSession.builder.master("local[2]").appName("leadline-bench").config("spark.local.dir", scratch)
        session = builder.config(map=SETTINGS).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        session.read.parquet(*(str(file) for file in sorted(folder.glob("activities-*.parquet")))).createTempView("activities")
        for name in ("people", "accounts"):
            session.read.parquet(str(folder / f"{name}.parquet")).createTempView(name)
        written = Path(scratch) / "scored"
        session.sql(servers.query(as_of, "double")).coalesce(1).write.parquet(str(written))
        next(written.glob("part-*.parquet")).rename(out)
        session.stop()


if __name__ == "__main__":
    score(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
