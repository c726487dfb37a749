"""A client that is not ours: the official C++ one, by its Python binding. One JSON object in, one out."""
import json
import sys
import pulsar
from pulsar.schema import JsonSchema, Record, String, Integer

ask = json.loads(sys.argv[1])
client = pulsar.Client(ask["url"], logger=pulsar.ConsoleLogger(pulsar.LoggerLevel.Error))


class Target(Record):
    name = String(required=True)
    size = Integer(default=0, required=True)


def schema():
    return {"schema": JsonSchema(Target)} if ask.get("schema") else {}


def produce():
    options = dict(ask.get("options", {}))
    if "compression" in options:
        options["compression_type"] = getattr(pulsar.CompressionType, options.pop("compression"))
    producer = client.create_producer(ask["topic"], batching_max_publish_delay_ms=50, **options, **schema())
    for message in ask["messages"]:
        content = Target(**message["record"]) if ask.get("schema") else message["text"].encode()
        extra = {key: message[key] for key in ("properties", "partition_key", "event_timestamp") if key in message}
        producer.send_async(content, lambda result, id: None, **extra)
    producer.flush()
    producer.close()
    return {}


def consume():
    consumer = client.subscribe(
        ask["topic"], "python", initial_position=pulsar.InitialPosition.Earliest,
        unacked_messages_timeout_ms=None, **schema())
    seen = []
    for _ in range(ask["count"]):
        message = consumer.receive(timeout_millis=10000)
        value = message.value()
        text = {"name": value.name, "size": value.size} if ask.get("schema") else message.data().decode()
        seen.append({
            "text": text, "properties": message.properties(), "key": message.partition_key(),
            "event": message.event_timestamp(), "topic": message.topic_name(), "id": str(message.message_id()),
        })
        consumer.acknowledge(message)
    consumer.close()
    return seen


def seek():
    """What comes after a seek to the message with this index, for comparison."""
    consumer = client.subscribe(ask["topic"], "python-seek", initial_position=pulsar.InitialPosition.Earliest)
    ids = [consumer.receive(timeout_millis=10000).message_id() for _ in range(ask["count"])]
    consumer.seek(ids[ask["index"]])
    return consumer.receive(timeout_millis=10000).data().decode()


answer = {"produce": produce, "consume": consume, "seek": seek}[ask["do"]]()
print(json.dumps(answer))
client.close()
