import shlex
from pathlib import Path

import pytest

from assay_local.server import quoted, spark_settings
from assay_local.settings import Settings
from assay_local.tables import location

ODD = '/state of/it\'s "$HOME" \\ é/100%20'


def test_an_option_of_the_jvm_stays_one_whatever_is_in_a_path() -> None:
    option = f"-Djava.io.tmpdir={ODD}"
    assert shlex.split(f"{quoted(option)} -XX:+UseSerialGC") == [option, "-XX:+UseSerialGC"]


@pytest.mark.parametrize("folder", ["/a b", "/100%20", "/é"])
def test_spark_is_given_folders_by_their_names_and_not_as_uris(folder: str) -> None:
    settings = Settings(Path(folder), Path("/jars"), port=1, cores=1, driver_memory="1g", warm_up=False)
    assert spark_settings(settings, 1)["spark.sql.warehouse.dir"] == f"file://{folder}/warehouse"
    assert location(Path(folder)) == f"'file://{folder}'"


def test_a_quote_and_a_backslash_end_no_literal() -> None:
    assert location(Path("/it's\\")) == "'file:///it\\'s\\\\'"
