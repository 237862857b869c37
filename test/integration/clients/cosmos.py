"""The Cosmos client of Python against the local account: the newest release, or the older one."""

from collections.abc import Callable
from typing import Any

import azure.cosmos
from azure.core import MatchConditions
from azure.cosmos import CosmosClient, PartitionKey
from azure.cosmos.exceptions import CosmosBatchOperationError, CosmosHttpResponseError

from program import run, setting

client = CosmosClient(
    setting("COSMOS_URL"),
    setting("COSMOS_KEY"),
    retry_total=0,
)
database = client.create_database("python" + azure.cosmos.__version__.replace(".", ""))
container = database.create_container("items", PartitionKey("/partition"))


def release() -> object:
    return azure.cosmos.__version__


def refusal(call: Callable[[], object]) -> list[object]:
    try:
        call()
    except CosmosHttpResponseError as error:
        return [error.status_code, error.sub_status]
    raise AssertionError("it was not refused")


def item(name: str, partition: str = "p", **fields: object) -> dict[str, Any]:
    return {"id": name, "partition": partition, **fields}


def ids(found: Any) -> list[str]:
    return [one["id"] for one in found]


def databases() -> object:
    own = client.create_database("short")
    seen = "short" in ids(client.list_databases())
    asked = ids(client.query_databases("SELECT * FROM d WHERE d.id = 'short'"))
    own.read()
    client.delete_database("short")
    return [seen, asked, refusal(own.read)]


def containers() -> object:
    made = database.create_container("short", PartitionKey("/k"), default_ttl=60)
    database.replace_container("short", PartitionKey("/k"), default_ttl=120)
    answer = [
        sorted(ids(database.list_containers())),
        ids(database.query_containers("SELECT * FROM c WHERE c.id = 'short'")),
        made.read()["defaultTtl"],
    ]
    database.delete_container("short")
    return [*answer, refusal(made.read)]


def write_and_read_items() -> object:
    made = container.create_item(item("one", n=1))
    again = refusal(lambda: container.create_item(item("one")))
    replaced = container.replace_item("one", item("one", n=2))
    upserted = [container.upsert_item(item("one", n=3)), container.upsert_item(item("two"))]
    patched = container.patch_item("one", "p", [{"op": "incr", "path": "/n", "value": 4}])
    read = container.read_item("one", "p")
    container.delete_item("two", "p")
    return {
        "numbers": [made["n"], replaced["n"], upserted[0]["n"], patched["n"], read["n"]],
        "again": again,
        "gone": refusal(lambda: container.read_item("two", "p")),
        "listed": ids(container.read_all_items()),
    }


def conditions() -> object:
    """A condition of a write on an ETag, each with the one that holds and the one that does not."""
    old = container.upsert_item(item("conditional", n=1))["_etag"]
    new = container.upsert_item(item("conditional", n=2))["_etag"]
    changed = {"etag": old, "match_condition": MatchConditions.IfNotModified}
    body = item("conditional", n=3)
    steps = [{"op": "set", "path": "/n", "value": 4}]
    refused = [
        refusal(lambda: container.replace_item("conditional", body, **changed)),
        refusal(lambda: container.upsert_item(body, **changed)),
        refusal(lambda: container.patch_item("conditional", "p", steps, **changed)),
        refusal(lambda: container.delete_item("conditional", "p", **changed)),
    ]
    kept = {"etag": new, "match_condition": MatchConditions.IfNotModified}
    replaced = container.replace_item("conditional", body, **kept)
    wrong = refusal(
        lambda: container.patch_item(
            "conditional", "p", steps, filter_predicate="FROM c WHERE c.n = 7"
        )
    )
    container.delete_item(
        "conditional",
        "p",
        etag=replaced["_etag"],
        match_condition=MatchConditions.IfNotModified,
    )
    return [refused, replaced["n"], wrong]


def execute_a_batch() -> object:
    results = container.execute_item_batch(
        [
            ("create", (item("a", "batch", n=1),)),
            ("upsert", (item("b", "batch", n=1),)),
            ("read", ("a",)),
            ("replace", ("a", item("a", "batch", n=2))),
            ("patch", ("a", [{"op": "incr", "path": "/n", "value": 1}])),
            ("delete", ("b",)),
        ],
        partition_key="batch",
    )
    return [
        [result["statusCode"] for result in results],
        container.read_item("a", "batch")["n"],
        ids(of_key("batch")),
    ]


def failed(operations: list[Any]) -> list[object]:
    try:
        container.execute_item_batch(operations, partition_key="failing")
    except CosmosBatchOperationError as error:
        codes = [one["statusCode"] for one in error.operation_responses]
        return [error.error_index, codes]
    raise AssertionError("it was not refused")


def a_failed_batch_persists_nothing() -> object:
    container.create_item(item("there", "failing", n=1))
    before = [one["_etag"] for one in of_key("failing")]
    told = failed(
        [
            ("create", (item("new", "failing"),)),
            ("patch", ("there", [{"op": "incr", "path": "/n", "value": 1}])),
            ("delete", ("there",)),
            ("create", (item("new", "failing"),)),
            ("create", (item("never", "failing"),)),
        ]
    )
    after = [one["_etag"] for one in of_key("failing")]
    return [*told, ids(of_key("failing")), before == after, changed_since("failing")]


def etags_hold_inside_a_batch() -> object:
    """An operation of the batch itself makes the ETag of a later one old."""
    etag = container.upsert_item(item("there", "failing", n=1))["_etag"]
    body = item("there", "failing", n=2)

    def if_unchanged() -> dict[str, str]:
        # The client takes the condition out of the dictionary that it is given.
        return {"if_match_etag": etag}

    stale = failed([("replace", ("there", body)), ("replace", ("there", body), if_unchanged())])
    before = container.read_item("there", "failing")["n"]
    container.execute_item_batch(
        [("replace", ("there", body), if_unchanged())], partition_key="failing"
    )
    old = failed([("delete", ("there",), if_unchanged())])
    return [stale, before, old, container.read_item("there", "failing")["n"]]


def of_key(key: str) -> list[dict[str, Any]]:
    return list(container.query_items("SELECT * FROM c", partition_key=key))


def changed_since(key: str) -> list[str]:
    return ids(container.query_items_change_feed(partition_key=key, start_time="Beginning"))


numbers = database.create_container("numbers", PartitionKey("/partition"))


def query_with_parameters() -> object:
    for number in range(12):
        numbers.create_item(item(f"{number:02}", f"p{number % 3}", n=number))
    parameters: Any = [{"name": "@least", "value": 6}]
    text = "SELECT c.id FROM c WHERE c.n >= @least ORDER BY c.n DESC"
    return {
        "one key": ids(numbers.query_items(text, parameters=parameters, partition_key="p1")),
        "all keys": ids(
            numbers.query_items(text, parameters=parameters, enable_cross_partition_query=True)
        ),
        "count": list(
            numbers.query_items("SELECT VALUE COUNT(1) FROM c", enable_cross_partition_query=True)
        ),
        "groups": list(
            numbers.query_items(
                "SELECT c.partition, SUM(c.n) AS sum FROM c GROUP BY c.partition",
                enable_cross_partition_query=True,
            )
        ),
    }


def query_page_by_page() -> object:
    found = numbers.query_items("SELECT c.id FROM c", partition_key="p1", max_item_count=3)
    pages = found.by_page()
    first = ids(next(pages))
    token = pages.continuation_token
    rest = numbers.query_items("SELECT c.id FROM c", partition_key="p1", max_item_count=3)
    return [first, [ids(page) for page in rest.by_page(token)]]


def cross_partitions_unasked() -> object:
    return list(numbers.query_items("SELECT * FROM c"))


def a_query_for_one_key_crosses_nothing() -> object:
    parameters: Any = [{"name": "@key", "value": "p2"}]
    text = "SELECT * FROM c WHERE c.n > 5 AND c.partition = @key"
    return ids(numbers.query_items(text, parameters=parameters))


def ranges() -> object:
    return len(list(numbers.read_feed_ranges()))


def change_feed() -> object:
    changes = list(numbers.query_items_change_feed(start_time="Beginning"))
    token = numbers.client_connection.last_response_headers["etag"]
    numbers.upsert_item(item("11", "p2", n=110))
    numbers.upsert_item(item("12", "p0", n=12))
    later = list(numbers.query_items_change_feed(continuation=token))
    return {
        "first": ids(changes),
        "later": ids(later),
        "lsn": [change["_lsn"] for change in later],
        "nothing": ids(numbers.query_items_change_feed(start_time="Now")),
        "one key": ids(numbers.query_items_change_feed(start_time="Beginning", partition_key="p2")),
    }


def change_feed_of_every_kind_of_key() -> object:
    """Of one key only its own item is told: the service hashes keys as the client does.

    Of empty keys, zero and False the client asks for all: it takes them for none.
    """
    kinds = database.create_container("kinds", PartitionKey("/partition"))
    keys: list[Any] = ["text", "x" * 200, "Zürich 東京", 1, -2.5, 1e300, True]
    for number, key in enumerate(keys):
        kinds.create_item({"id": str(number), "partition": key})
    wrong: list[object] = []
    for number, key in enumerate(keys):
        told = ids(kinds.query_items_change_feed(start_time="Beginning", partition_key=key))
        if told != [str(number)]:
            wrong.append([key, told])
    return wrong


def hierarchical_keys() -> object:
    tree = database.create_container("tree", PartitionKey(["/country", "/city"], kind="MultiHash"))
    for name, country, city in [("1", "DE", "Bonn"), ("2", "DE", "Köln"), ("3", "FR", "Lyon")]:
        tree.create_item({"id": name, "country": country, "city": city})
    whole: Any = ["DE", "Bonn"]
    part: Any = ["DE"]
    text = "SELECT * FROM c"
    return [
        ids(tree.query_items(text, partition_key=whole)),
        ids(tree.query_items(text, partition_key=part)),
        ids(tree.query_items_change_feed(start_time="Beginning", partition_key=whole)),
        ids(tree.query_items_change_feed(start_time="Beginning", partition_key=part)),
    ]


def what_is_not_done_is_refused() -> object:
    scripts = container.scripts
    calls: dict[str, Callable[[], object]] = {
        "sprocs": lambda: list(scripts.list_stored_procedures()),
        "triggers": lambda: list(scripts.list_triggers()),
        "udfs": lambda: list(scripts.list_user_defined_functions()),
        "conflicts": lambda: list(container.list_conflicts()),
        "users": lambda: list(database.list_users()),
        "permissions": lambda: list(database.get_user_client("u").list_permissions()),
        "operations": lambda: container.delete_all_items_by_partition_key("p"),
        "unique keys": lambda: database.create_container(
            "unique",
            PartitionKey("/k"),
            unique_key_policy={"uniqueKeys": [{"paths": ["/n"]}]},
        ),
    }
    return {name: refusal(call)[0] for name, call in calls.items()}


def all_versions() -> object:
    return list(container.query_items_change_feed(mode="AllVersionsAndDeletes"))


run(
    [
        release,
        databases,
        containers,
        write_and_read_items,
        conditions,
        execute_a_batch,
        a_failed_batch_persists_nothing,
        etags_hold_inside_a_batch,
        query_with_parameters,
        query_page_by_page,
        cross_partitions_unasked,
        a_query_for_one_key_crosses_nothing,
        ranges,
        change_feed,
        change_feed_of_every_kind_of_key,
        hierarchical_keys,
        what_is_not_done_is_refused,
        all_versions,
    ]
)
