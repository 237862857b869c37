"""What the service tells the supervisor at its start."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Settings:
    state_dir: Path
    jars_dir: Path
    port: int
    """0: any free one."""
    cores: int
    driver_memory: str
    warm_up: bool

    @staticmethod
    def parse(text: str) -> "Settings":
        given: dict[str, Any] = json.loads(text)
        return Settings(
            state_dir=Path(given["stateDir"]),
            jars_dir=Path(given["jarsDir"]),
            port=int(given["port"]),
            cores=int(given["cores"]),
            driver_memory=str(given["driverMemory"]),
            warm_up=bool(given["warmUp"]),
        )

    @property
    def warehouse(self) -> Path:
        return self.state_dir / "warehouse"

    @property
    def class_archive(self) -> Path:
        """What `assay_local.archive` makes, beside the jars. Its absence costs time and nothing else."""
        return self.jars_dir.parent / "spark.jsa"

    @property
    def own_dir(self) -> Path:
        return self.state_dir / "databricks"

    @property
    def spark_log(self) -> Path:
        return self.state_dir / "logs" / "spark.log"
