"""The 25 criteria in Spark SQL on two cores, by hand, over a mirror's Parquet.

python -m bench.spark_user FOLDER AS_OF OUT
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from pyspark import SparkContext
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
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_DIRS=scratch)
        builder = SparkSession.builder.master("local[2]").appName("leadline-bench")
        session = builder.config(map=SETTINGS).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        session.read.parquet(*(str(file) for file in sorted(folder.glob("activities-*.parquet")))).createTempView("activities")
        for name in ("people", "accounts"):
            session.read.parquet(str(folder / f"{name}.parquet")).createTempView(name)
        written = Path(scratch) / "scored"
        session.sql(servers.query(as_of, "double")).coalesce(1).write.parquet(str(written))
        next(written.glob("part-*.parquet")).rename(out)
        session.stop()
        _wait_for_java()


def _wait_for_java() -> None:
    """End the Java process and wait for it, so that its time and memory count as ours."""
    gateway = SparkContext._gateway  # noqa: SLF001  only this knows the process
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


if __name__ == "__main__":
    score(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
