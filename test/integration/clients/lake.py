"""Python's storage clients against the local lake: blobs, paths, queues."""

import time
from collections.abc import Callable
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.identity import ManagedIdentityCredential
from azure.storage.blob import BlobBlock, BlobServiceClient, ContentSettings, StandardBlobTier
from azure.storage.filedatalake import ContentSettings as PathSettings
from azure.storage.filedatalake import DataLakeDirectoryClient, DataLakeServiceClient
from azure.storage.queue import QueueServiceClient

from program import run, setting

OPTIONS: dict[str, Any] = {
    "credential": {"account_name": "assay", "account_key": setting("LAKE_KEY")},
    "connection_verify": setting("SSL_CERT_FILE"),
    "retry_total": 0,
}
blobs = BlobServiceClient(setting("LAKE_URL"), **OPTIONS)
files = DataLakeServiceClient(setting("LAKE_URL"), **OPTIONS)
queues = QueueServiceClient(setting("QUEUE_URL"), **OPTIONS)
container = blobs.get_container_client("lake")
filesystem = files.get_file_system_client("lake")


def next_second() -> None:
    """Last-Modified counts seconds: what happens after this has another one."""
    now = int(time.time())
    while int(time.time()) == now:
        time.sleep(0.02)


def refusal(call: Callable[[], object]) -> list[object]:
    try:
        call()
    except HttpResponseError as error:
        return [error.status_code, getattr(error, "error_code", None)]
    raise AssertionError("it was not refused")


def containers() -> object:
    made = blobs.create_container("python")
    made.get_container_properties()
    names = [one.name for one in blobs.list_containers()]
    made.delete_container()
    return names


def write_and_read_a_blob() -> object:
    blob = container.get_blob_client("python/one.txt")
    blob.upload_blob(
        b"0123456789",
        metadata={"Key": "value"},
        content_settings=ContentSettings(content_type="text/plain", cache_control="no-cache"),
    )
    properties = blob.get_blob_properties()
    return {
        "bytes": blob.download_blob().readall().decode(),
        "metadata": properties.metadata,
        "type": properties.content_settings.content_type,
        "cache": properties.content_settings.cache_control,
        "again": refusal(lambda: blob.upload_blob(b"other")),
    }


def read_ranges_with_their_digests() -> object:
    """The client compares each range with the digest that came with it."""
    data = bytes(range(256)) * 20_000
    blob = container.get_blob_client("python/ranges.bin")
    blob.upload_blob(data, overwrite=True, validate_content=True)
    whole = blob.download_blob(validate_content=True, max_concurrency=2)
    part = blob.download_blob(offset=250, length=12, validate_content=True)
    return [whole.readall() == data, list(part.readall()) == [*range(250, 256), *range(6)]]


def stage_blocks() -> object:
    blob = container.get_blob_client("python/blocks.txt")
    for block in ("a", "b"):
        blob.stage_block(block, f"<{block}>".encode())
    blob.commit_block_list([BlobBlock("b"), BlobBlock("a")])
    committed, uncommitted = blob.get_block_list("all")
    return [
        blob.download_blob().readall().decode(),
        [block.id for block in committed],
        uncommitted,
    ]


def properties_of(client: Any) -> Any:
    if isinstance(client, DataLakeDirectoryClient):
        return client.get_directory_properties()
    return client.get_file_properties()


def last_modified_moves_with_every_change() -> object:
    """Metadata and headers by either protocol: the changes after which it stood still."""

    def blob(name: str) -> Any:
        return container.get_blob_client(f"python/moves/{name}")

    def path(name: str) -> Any:
        return filesystem.get_file_client(f"python/moves/{name}")

    directory = filesystem.create_directory("python/moves/directory")
    again = filesystem.create_directory("python/moves/again")
    html = {"content_type": "text/html"}
    changes: dict[str, Callable[[str], object]] = {
        "blob metadata": lambda name: blob(name).set_blob_metadata({"a": "1"}),
        "blob headers": lambda name: blob(name).set_http_headers(ContentSettings(**html)),
        "path metadata": lambda name: path(name).set_metadata({"a": "2"}),
        "path headers": lambda name: path(name).set_http_headers(PathSettings(**html)),
        "flush of nothing": lambda name: path(name).flush_data(1),
        "directory": lambda _: directory.set_metadata({"a": "3"}),
        "again": lambda _: again.create_directory(),
    }
    clients = {"directory": directory, "again": again}
    for name in changes.keys() - clients.keys():
        blob(name).upload_blob(b"x")
        clients[name] = path(name)
    before = {name: properties_of(client) for name, client in clients.items()}
    next_second()
    for name, change in changes.items():
        change(name)
    after = {name: properties_of(client) for name, client in clients.items()}
    listed = {
        one.name.removeprefix("python/moves/"): one.last_modified
        for one in container.list_blobs(name_starts_with="python/moves/")
    }
    return [
        name
        for name in changes
        if after[name].last_modified <= before[name].last_modified
        or after[name].etag == before[name].etag
        or listed[name] != after[name].last_modified
    ]


def a_change_of_metadata_is_no_304() -> object:
    blob = container.get_blob_client("python/one.txt")
    seen = blob.get_blob_properties()
    unchanged = refusal(lambda: blob.get_blob_properties(if_modified_since=seen.last_modified))
    next_second()
    blob.set_blob_metadata({"a": "4"})
    changed = blob.get_blob_properties(if_modified_since=seen.last_modified)
    return [unchanged, changed.metadata]


def conditions() -> object:
    blob = container.get_blob_client("python/conditions.txt")
    etag = blob.upload_blob(b"1", overwrite=True)["etag"]
    modified = MatchConditions.IfModified
    missing = MatchConditions.IfNotModified
    blob.upload_blob(b"2", overwrite=True, etag=etag, match_condition=missing)
    return [
        refusal(lambda: blob.upload_blob(b"3", overwrite=True, etag=etag, match_condition=missing)),
        blob.download_blob(etag=etag, match_condition=modified).readall().decode(),
    ]


def empty_conditions_and_leases_are_none() -> object:
    """As some clients send them. All of them in one request each way."""
    names = (
        "If-Match If-None-Match If-Modified-Since If-Unmodified-Since x-ms-lease-id "
        "x-ms-source-lease-id x-ms-source-if-match x-ms-source-if-none-match "
        "x-ms-source-if-modified-since x-ms-source-if-unmodified-since x-ms-tags"
    )
    empty = dict.fromkeys(names.split(), "")
    blob = container.get_blob_client("python/empty.txt")
    blob.upload_blob(b"1", overwrite=True, headers=empty)
    return blob.download_blob(headers=empty).readall().decode()


def delete_snapshots_only() -> object:
    blob = container.get_blob_client("python/kept.txt")
    blob.upload_blob(b"kept", overwrite=True)
    blob.delete_blob(delete_snapshots="only")
    kept = blob.exists()
    blob.delete_blob(delete_snapshots="include")
    return [kept, blob.exists(), refusal(lambda: blob.delete_blob(delete_snapshots="only"))]


def list_from_a_name() -> object:
    for name in ("a", "b/1", "b/2", "c"):
        container.upload_blob(f"python/from/{name}", b"", overwrite=True)

    def names(**options: Any) -> list[str]:
        found = container.list_blobs(name_starts_with="python/from/", **options)
        return [one.name.removeprefix("python/from/") for one in found]

    pages = container.list_blobs(
        name_starts_with="python/from/", start_from="python/from/b/1", results_per_page=1
    ).by_page()
    flat = container.walk_blobs("python/from/", start_from="python/from/b")
    return {
        "exact": names(start_from="python/from/b/2"),
        "between": names(start_from="python/from/b/11"),
        "beyond": names(start_from="python/zzz"),
        "before": len(names(start_from="aaa")),
        "pages": [one.name.removeprefix("python/from/") for page in pages for one in page],
        "flat": [one.name.removeprefix("python/from/") for one in flat],
        "two levels of a flat list": refusal(
            lambda: list(container.walk_blobs("python/", start_from="python/from/b"))
        ),
    }


def list_with_metadata() -> object:
    listed = container.list_blobs(name_starts_with="python/one", include=["metadata"])
    return {one.name: one.metadata for one in listed}


def paths() -> object:
    directory = filesystem.create_directory("python/paths")
    file = directory.create_file("one.txt", metadata={"Key": "value"})
    file.append_data(b"hello ", 0)
    file.append_data(b"world", 6)
    file.flush_data(11)
    directory.get_file_client("two.txt").upload_data(b"two", overwrite=True)
    listed = filesystem.get_paths("python/paths", recursive=True)
    from_two = filesystem.get_paths("python/paths", recursive=False, start_from="two.txt")
    return {
        "bytes": file.download_file().readall().decode(),
        "metadata": file.get_file_properties().metadata,
        "listed": [one.name for one in listed],
        "from": [one.name for one in from_two],
    }


def rename_paths() -> object:
    file = filesystem.get_file_client("python/paths/one.txt")
    renamed = file.rename_file("lake/python/paths/renamed.txt")
    directory = filesystem.get_directory_client("python/paths")
    moved = directory.rename_directory("lake/python/moved")
    return [
        file.exists(),
        renamed.path_name,
        sorted(one.name for one in filesystem.get_paths(moved.path_name)),
    ]


def filesystems() -> object:
    made = files.create_file_system("pythons")
    made.get_file_system_properties()
    names = [one.name for one in files.list_file_systems()]
    made.delete_file_system()
    return names


def the_root_is_a_directory() -> object:
    root = filesystem.get_directory_client("/")
    return [root.exists(), root.get_directory_properties().metadata]


def delete_paths() -> object:
    file = filesystem.get_file_client("python/moved/renamed.txt")
    file.delete_file()
    directory = filesystem.get_directory_client("python/moved")
    directory.delete_directory()
    return [refusal(file.delete_file), refusal(directory.delete_directory)]


def headers_that_are_not_done_are_refused_by_name() -> object:
    """Each with what the service says of it."""
    blob = container.get_blob_client("python/refused.txt")
    file = filesystem.get_file_client("python/refused.txt")
    calls: dict[str, Callable[[], object]] = {
        "x-ms-encryption-context": lambda: file.create_file(encryption_context="c"),
        "x-ms-default-encryption-scope": lambda: blobs.create_container(
            "scoped", container_encryption_scope={"default_encryption_scope": "s"}
        ),
        "x-ms-lease-action": lambda: file.append_data(
            b"x", 0, headers={"x-ms-lease-action": "acquire"}
        ),
        "x-ms-access-tier": lambda: blob.upload_blob(b"", standard_blob_tier=StandardBlobTier.COOL),
        "x-ms-unheard-of": lambda: blob.upload_blob(b"", headers={"x-ms-unheard-of": "1"}),
    }
    said = {}
    for header, call in calls.items():
        try:
            call()
        except HttpResponseError as error:
            said[header] = [error.status_code, header in str(error)]
    return [said, blob.exists()]


def use_queues() -> object:
    queue = queues.create_queue("python", metadata={"a": "1"})
    queue.set_queue_metadata({"a": "2"})
    for text in ("one", "two"):
        queue.send_message(text)
    message = queue.receive_message(visibility_timeout=30)
    message = queue.update_message(message, visibility_timeout=0, content="new")
    peeked = [one.content for one in queue.peek_messages(2)]
    count = queue.get_queue_properties().approximate_message_count
    received = next(iter(queue.receive_messages()))
    queue.delete_message(received)
    queue.clear_messages()
    names = [one.name for one in queues.list_queues(name_starts_with="python")]
    queue.delete_queue()
    return [peeked, count, names, queue.queue_name]


def delete_blobs() -> object:
    blob = container.get_blob_client("python/one.txt")
    blob.delete_blob()
    return refusal(blob.delete_blob)


def read_as_the_app() -> object:
    """With a token of the managed identity, from where the app's host says."""
    options = {**OPTIONS, "credential": ManagedIdentityCredential()}
    return BlobServiceClient(setting("LAKE_URL"), **options).get_container_client("lake").exists()


run(
    [
        containers,
        write_and_read_a_blob,
        read_ranges_with_their_digests,
        stage_blocks,
        last_modified_moves_with_every_change,
        a_change_of_metadata_is_no_304,
        conditions,
        empty_conditions_and_leases_are_none,
        delete_snapshots_only,
        list_from_a_name,
        list_with_metadata,
        paths,
        rename_paths,
        filesystems,
        the_root_is_a_directory,
        delete_paths,
        headers_that_are_not_done_are_refused_by_name,
        use_queues,
        delete_blobs,
        read_as_the_app,
    ]
)
