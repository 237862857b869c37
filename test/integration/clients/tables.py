"""What people read and write a lake with who know nothing of its protocol: deltalake and adlfs."""

from typing import Any

import adlfs
from arro3.core import Array, DataType, Table
from deltalake import DeltaTable, QueryBuilder, write_deltalake

from program import run, setting

TABLE = "az://lake/python/tables/cities"
OPTIONS = {
    "azure_storage_account_name": "assay",
    "azure_storage_account_key": setting("LAKE_KEY"),
    "azure_storage_endpoint": setting("LAKE_URL"),
    # Its certificates are those of the machine: the local one cannot be given.
    "allow_invalid_certificates": "true",
}


def table(**options: Any) -> DeltaTable:
    return DeltaTable(TABLE, storage_options=OPTIONS, **options)


def rows(**options: Any) -> list[list[object]]:
    found = (
        QueryBuilder()
        .register("cities", table(**options))
        .execute("SELECT name, number FROM cities ORDER BY name, number")
    )
    read: Any = Table(found)
    columns = ([value.as_py() for value in read[name]] for name in ("name", "number"))
    return [list(row) for row in zip(*columns, strict=True)]


def a_city(name: str) -> Table:
    columns: Any = {
        "name": Array([name], DataType.string()),
        "number": Array([1], DataType.int64()),
    }
    return Table.from_pydict(columns)


def write_a_table() -> object:
    mode: Any
    for mode, name in (("error", "Aachen"), ("append", "Bonn"), ("append", "Celle")):
        write_deltalake(
            TABLE, a_city(name), mode=mode, storage_options=OPTIONS, partition_by=["name"]
        )
    return table().version()


def read_a_table() -> object:
    return [rows(), rows(version=1), len(table().file_uris())]


def change_a_table() -> object:
    table().delete("name = 'Bonn'")
    table().update(updates={"number": "2"}, predicate="name = 'Celle'")
    table().create_checkpoint()
    return [rows(), [one["operation"] for one in reversed(table().history())]]


def write_a_table_that_exists() -> object:
    write_deltalake(TABLE, a_city("Again"), mode="error", storage_options=OPTIONS)
    return None


def use_as_a_filesystem() -> object:
    """What pandas, Dask and others do with an `abfs://` address."""
    files = adlfs.AzureBlobFileSystem(
        connection_string=(
            f"BlobEndpoint={setting('LAKE_URL')};AccountName=assay;AccountKey={setting('LAKE_KEY')}"
        ),
        skip_instance_cache=True,
    )
    folder = "lake/python/files"
    files.makedirs(folder)
    with files.open(f"{folder}/large.bin", "wb", block_size=2**20) as large:
        for part in range(5):
            large.write(bytes([part]) * 2**20)
    files.pipe_file(f"{folder}/small.txt", b"small")
    with files.open(f"{folder}/large.bin", "rb") as large:
        large.seek(3 * 2**20 - 1)
        middle = list(large.read(2))
    found = files.find("lake/python/files")
    info = files.info(f"{folder}/large.bin")
    files.rm(f"{folder}/small.txt")
    return {
        "middle": middle,
        "size": info["size"],
        "found": found,
        "small": files.exists(f"{folder}/small.txt"),
        "listed": list(files.ls(folder, detail=False)),
    }


run(
    [
        write_a_table,
        read_a_table,
        change_a_table,
        write_a_table_that_exists,
        use_as_a_filesystem,
    ]
)
