"""Prints every record of a Kafka topic, from offset 0 to its end, one line of JSON each.

Knows nothing but Kafka and the registry: each value names its schema (byte 0, 4-byte id, Avro).
Usage: KAFKA_BROKERS=host:9092 SCHEMA_REGISTRY_URL=http://host/path consumer.py otn.optin.events.v1
"""
import base64, datetime, functools, io, json, os, sys, urllib.request
import fastavro
import kafka

REGISTRY = os.environ["SCHEMA_REGISTRY_URL"].rstrip("/")


@functools.cache
def schema(schema_id):
    with urllib.request.urlopen(f"{REGISTRY}/schemas/ids/{schema_id}", timeout=10) as answer:
        return fastavro.parse_schema(json.loads(json.load(answer)["schema"]))


def decode(value):
    schema_id = int.from_bytes(value[1:5], "big")
    return fastavro.schemaless_reader(io.BytesIO(value[5:]), schema(schema_id))


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return base64.b64encode(value).decode()


brokers = os.environ["KAFKA_BROKERS"].split(",")
consumer = kafka.KafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False)
topic = sys.argv[1]
partitions = [kafka.TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic)]
consumer.assign(partitions)
consumer.seek_to_beginning(*partitions)
ends = consumer.end_offsets(partitions)
while any(consumer.position(p) < ends[p] for p in partitions):
    for records in consumer.poll(timeout_ms=1000).values():
        for record in records:
            print(json.dumps(decode(record.value), default=plain, ensure_ascii=False))
