"""Python's Event Hubs client against the local service."""

import threading
from collections.abc import Callable
from typing import Any

from azure.core.credentials import AccessToken
from azure.eventhub import (
    EventData,
    EventHubConsumerClient,
    EventHubProducerClient,
    TransportType,
)
from azure.eventhub.amqp import AmqpAnnotatedMessage

from program import run, setting

NAMESPACE = {
    # The client takes port 443 from its address unless the whole endpoint is given.
    "custom_endpoint_address": setting("EVENT_HUBS_ENDPOINT"),
    "transport_type": TransportType.Amqp,
    "connection_verify": setting("SSL_CERT_FILE"),
    "retry_total": 0,
}
CONNECTION = setting("EVENT_HUBS_CONNECTION")
HUB = "flights"


class Token:
    """A bearer token that the platform's identity endpoint gave."""

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return AccessToken(setting("EVENT_HUBS_TOKEN"), 2**32)


def producer(hub: str = HUB) -> EventHubProducerClient:
    return EventHubProducerClient.from_connection_string(CONNECTION, eventhub_name=hub, **NAMESPACE)


def consumer(group: str) -> EventHubConsumerClient:
    return EventHubConsumerClient.from_connection_string(
        CONNECTION, consumer_group=group, eventhub_name=HUB, **NAMESPACE
    )


def receive(
    partition: str,
    count: int,
    read: Callable[[Any], object],
    group: str = "$Default",
    **options: Any,
) -> list[object]:
    """Reads until so many events are there; the step fails when the client says an error."""
    seen: list[object] = []
    errors: list[Exception] = []
    client = consumer(group)

    def on_event(_context: object, event: Any) -> None:
        seen.append(read(event))
        if len(seen) == count:
            done.set()

    def on_error(_context: object, error: Exception) -> None:
        errors.append(error)
        done.set()

    done = threading.Event()
    reading = threading.Thread(
        target=lambda: client.receive(
            on_event, on_error=on_error, partition_id=partition, **options
        )
    )
    reading.start()
    done.wait(20)
    client.close()
    reading.join()
    if errors:
        raise errors[0]
    return seen


def read_hub() -> object:
    with producer() as client:
        properties = client.get_eventhub_properties()
        return {
            "name": properties["eventhub_name"],
            "partitions": properties["partition_ids"],
        }


def send() -> object:
    """One batch of three kinds of bodies, and a single event."""
    with producer() as client:
        batch = client.create_batch(partition_id="0")
        event = EventData("text")
        event.properties = {"number": 7, "flag": True}
        event.content_type = "text/plain"
        batch.add(event)
        batch.add(EventData(b"\xff\x00"))
        batch.add(EventData([b"in ", b"parts"]))
        client.send_batch(batch)
        client.send_event(EventData("alone"), partition_id="0")
        return len(batch)


def read_partition() -> object:
    with producer() as client:
        properties = client.get_partition_properties("0")
        return {
            "last": properties["last_enqueued_sequence_number"],
            "isEmpty": properties["is_empty"],
        }


def receive_from_the_beginning() -> object:
    def read(event: EventData) -> object:
        return {
            "sequence": event.sequence_number,
            "body": b"".join(event.body).hex(),
            "type": event.content_type,
            "properties": {key.decode(): value for key, value in (event.properties or {}).items()},
        }

    return receive("0", 4, read, starting_position="-1")


def receive_from_a_sequence_number_as_an_owner() -> object:
    return receive(
        "0",
        2,
        lambda event: event.sequence_number,
        starting_position=1,
        owner_level=3,
        track_last_enqueued_event_properties=True,
    )


def send_by_key() -> object:
    """The events of a key lie in one partition, which need not be the first."""
    with producer() as client:
        batch = client.create_batch(partition_key="north")
        batch.add(EventData("one"))
        batch.add(EventData("two"))
        client.send_batch(batch)
        ends = [
            client.get_partition_properties(partition)["last_enqueued_sequence_number"]
            for partition in client.get_partition_ids()
        ]
        return sorted(ends)


def send_value_and_sequence_bodies() -> object:
    with producer() as client:
        for body in ({"value_body": {"a": [1, None]}}, {"sequence_body": [[1, 2], [3]]}):
            client.send_event(AmqpAnnotatedMessage(**body), partition_id="1")
    types = receive(
        "1",
        2,
        lambda event: str(event.body_type.value),
        starting_position="-1",
        starting_position_inclusive=True,
    )
    return types[-2:]


def log_in_with_a_token() -> object:
    host = setting("EVENT_HUBS_ENDPOINT").removeprefix("sb://")
    with EventHubProducerClient(host, HUB, Token(), **NAMESPACE) as client:
        return client.get_partition_ids()


def ask_an_unknown_hub() -> object:
    with producer("nowhere") as client:
        return client.get_partition_ids()


def receive_for_an_unknown_group() -> object:
    return receive("0", 1, str, group="nobody", starting_position="-1")


def send_more_than_fits() -> object:
    with producer() as client:
        return client.send_event(EventData(b"x" * 2**20), partition_id="0")


def send_with_a_wrong_key() -> object:
    wrong = CONNECTION.replace("SharedAccessKeyName=Root", "SharedAccessKeyName=Other")
    with EventHubProducerClient.from_connection_string(
        wrong, eventhub_name=HUB, **NAMESPACE
    ) as client:
        return client.send_event(EventData("lost"))


run(
    [
        read_hub,
        send,
        read_partition,
        receive_from_the_beginning,
        receive_from_a_sequence_number_as_an_owner,
        send_by_key,
        send_value_and_sequence_bodies,
        log_in_with_a_token,
        ask_an_unknown_hub,
        receive_for_an_unknown_group,
        send_more_than_fits,
        send_with_a_wrong_key,
    ]
)
