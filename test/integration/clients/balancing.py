"""Two consumers of Python share a hub by Microsoft's checkpoint store: the lake keeps who owns."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from azure.eventhub import EventHubConsumerClient, TransportType
from azure.eventhub.extensions.checkpointstoreblob import BlobCheckpointStore

from program import run, setting

HUB = "shared"
#: An ownership that was not renewed for so long is free to take.
EXPIRES_SECONDS = 3
ROUND_SECONDS = 0.4


def store() -> BlobCheckpointStore:
    return BlobCheckpointStore(
        setting("LAKE_URL"),
        "lake",
        credential={"account_name": "assay", "account_key": setting("LAKE_KEY")},
        connection_verify=setting("SSL_CERT_FILE"),
    )


class Consumer:
    """Reads what it can own until it is closed, and remembers what was taken from it."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.owned: set[str] = set()
        self._client = EventHubConsumerClient.from_connection_string(
            setting("EVENT_HUBS_CONNECTION"),
            consumer_group="$Default",
            eventhub_name=HUB,
            checkpoint_store=store(),
            load_balancing_interval=ROUND_SECONDS,
            partition_ownership_expiration_interval=EXPIRES_SECONDS,
            custom_endpoint_address=setting("EVENT_HUBS_ENDPOINT"),
            transport_type=TransportType.Amqp,
            connection_verify=setting("SSL_CERT_FILE"),
        )
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        self._client.receive(
            lambda context, event: context.update_checkpoint(event),
            on_partition_initialize=lambda context: self.owned.add(context.partition_id),
            on_partition_close=self._closed,
            starting_position="-1",
        )

    def _closed(self, context: Any, _reason: object) -> None:
        self.owned.discard(context.partition_id)
        self.lost.append(context.partition_id)

    def close(self) -> None:
        self._client.close()
        self._thread.join()


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def owners() -> dict[str, str]:
    namespace = setting("EVENT_HUBS_CONNECTION").split(";")[0].removeprefix("Endpoint=sb://")
    listed = store().list_ownership(namespace, HUB, "$Default")
    return {one["partition_id"]: one["owner_id"] for one in listed}


def share_without_stealing() -> object:
    """Both own two of four partitions, and keep them for longer than an ownership lasts."""
    first, second = Consumer(), None
    try:
        alone = until(lambda: len(first.owned) == 4, 15)
        second = Consumer()
        halved = until(lambda: (len(first.owned), len(second.owned)) == (2, 2), 15)
        taken = (list(first.lost), list(second.lost))
        kept = dict(owners())
        changed = until(
            lambda: (first.lost, second.lost) != taken or owners() != kept, 2 * EXPIRES_SECONDS
        )
        return {
            "alone": alone,
            "halved": halved,
            "each": sorted(Counter(kept.values()).values()),
            "stolen": changed,
        }
    finally:
        first.close()
        if second:
            second.close()


run([share_without_stealing])
