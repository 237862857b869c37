"""The yardstick of `npm run bench -- once`: the silver and gold of two batches, written plainly and frozen.

It starts the product's own Spark server, reads the same bronze files, and does what anyone would write by hand for
the sample: a log of every event with its verdict, silver by MERGE, two gold tables by a difference MERGE, the changes
as JSON. It is not changed when the statements of the product change.

``python baseline.py <bronze folder of a finished run> <empty folder> <jars>`` prints one JSON line with its counts;
``local/python`` is on the path.
"""

import json
import shutil
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from assay_local.server import SparkServer
from assay_local.settings import Settings

CAPTURE = json.dumps(
    {
        "type": "record",
        "name": "EventData",
        "namespace": "Microsoft.ServiceBus.Messaging",
        "fields": [
            {"name": "SequenceNumber", "type": "long"},
            {"name": "Offset", "type": "string"},
            {"name": "EnqueuedTimeUtc", "type": "string"},
            {"name": "SystemProperties", "type": {"type": "map", "values": ["long", "double", "string", "bytes"]}},
            {"name": "Properties", "type": {"type": "map", "values": ["long", "double", "string", "bytes", "null"]}},
            {"name": "Body", "type": ["null", "bytes"]},
        ],
    }
)
COLUMNS = "date, delay, distance, origin, destination"

AIRPORT_DELAYS = """
SELECT f.origin AS airport, replace(left(f.date, 10), '/', '-') AS day, count(*) AS flights,
       round(avg(f.delay), 6) AS mean_delay, round(percentile(f.delay, 0.9), 6) AS p90_delay,
       round(avg(CASE WHEN f.delay > 15 THEN 1 ELSE 0 END), 6) AS share_delayed,
       first(a.name) AS name, first(a.city) AS city, first(a.state) AS state,
       first(a.latitude) AS latitude, first(a.longitude) AS longitude
FROM silver.flights f LEFT JOIN silver.airports a ON a.iata = f.origin
GROUP BY f.origin, replace(left(f.date, 10), '/', '-')
"""
ROUTE_DELAYS = """
SELECT origin, destination, count(*) AS flights, round(avg(delay), 6) AS mean_delay,
       round(percentile(delay, 0.9), 6) AS p90_delay,
       round(avg(CASE WHEN delay > 15 THEN 1 ELSE 0 END), 6) AS share_delayed
FROM silver.flights GROUP BY origin, destination
"""
GOLD = {"airport_delays": (["airport", "day"], AIRPORT_DELAYS), "route_delays": (["origin", "destination"], ROUTE_DELAYS)}


def start_server(work: Path, jars: Path) -> SparkServer:
    """The product's own server: with another one the ratio would measure settings."""
    settings = Settings(
        state_dir=work,
        jars_dir=jars,
        port=0,
        cores=2,
        driver_memory="3g",
        warm_up=False,
    )
    work.mkdir(parents=True)
    with (work / "lock").open("wb") as lock:
        server = SparkServer(settings, lock.fileno())
        server.start()
    server.wait_until_ready()
    return server


def batches_of(lake: Path) -> list[dict]:
    manifests = sorted(lake.glob("_assay/pipelines/flights/batches/*/manifest.json"))
    return [json.loads(path.read_text()) for path in manifests]


def run_batch(spark: SparkSession, lake: Path, work: Path, manifest: dict) -> None:
    number = manifest["batch"]
    if manifest["files"]:
        paths = [str(lake / file["path"]) for file in manifest["files"]]
        airports = spark.read.csv(paths, header=True, schema="iata STRING, name STRING, city STRING, state STRING, country STRING, latitude DOUBLE, longitude DOUBLE")
        airports.write.format("delta").mode("overwrite").saveAsTable("silver.airports")
    events = spark.read.format("avro").option("avroSchema", CAPTURE).load(
        [str(lake / piece["path"]) for piece in manifest["slices"]]
    )
    events.selectExpr("SequenceNumber AS sequence", "Body AS body", "_metadata.file_path AS path").createOrReplaceTempView("raw")
    parsed = spark.sql(
        """
        SELECT *, CASE WHEN is_valid_utf8(body) THEN try_parse_json(concat('[', decode(body, 'UTF-8'), ',"end"]')) END AS v
        FROM raw
        """
    )
    parsed.createOrReplaceTempView("parsed")
    checked = spark.sql(
        f"""
        SELECT {number} AS batch, path, sequence, body,
               try_variant_get(v, '$[0].date', 'string') AS date, try_variant_get(v, '$[0].delay', 'bigint') AS delay,
               try_variant_get(v, '$[0].distance', 'bigint') AS distance,
               try_variant_get(v, '$[0].origin', 'string') AS origin,
               try_variant_get(v, '$[0].destination', 'string') AS destination,
               CASE WHEN v IS NULL OR try_variant_get(v, '$[1]', 'string') <> 'end' OR try_variant_get(v, '$[2]', 'string') IS NOT NULL
                      THEN 'not JSON'
                    WHEN schema_of_variant(variant_get(v, '$[0].delay')) <> 'BIGINT' THEN 'delay: type'
                    WHEN schema_of_variant(variant_get(v, '$[0].distance')) <> 'BIGINT' THEN 'distance: type'
                    WHEN try_to_timestamp(try_variant_get(v, '$[0].date', 'string'), 'yyyy/MM/dd HH:mm') IS NULL THEN 'date: format'
               END AS reason
        FROM parsed
        """
    )
    checked.write.format("delta").mode("append").option("txnAppId", "log").option("txnVersion", str(number)).saveAsTable("silver.flights_log")
    spark.sql("SELECT reason IS NULL AS good, count(*) FROM silver.flights_log GROUP BY 1").collect()
    accepted = f"SELECT path, sequence, {COLUMNS} FROM silver.flights_log WHERE batch = {number} AND reason IS NULL"
    if not spark.catalog.tableExists("silver.flights"):
        spark.sql(f"CREATE TABLE silver.flights USING delta AS {accepted} LIMIT 0")
    spark.sql(
        f"""
        MERGE INTO silver.flights t USING ({accepted}) s ON t.path = s.path AND t.sequence = s.sequence
        WHEN NOT MATCHED THEN INSERT *
        """
    )
    for table, (key, query) in GOLD.items():
        update_gold(spark, work, number, table, key, query)


def update_gold(spark: SparkSession, work: Path, number: int, table: str, key: list[str], query: str) -> None:
    spark.sql(query).write.format("delta").mode("overwrite").saveAsTable(f"gold.{table}_candidate")
    candidate = spark.table(f"gold.{table}_candidate")
    if candidate.groupBy(*key).count().where("count > 1").limit(1).collect():
        raise ValueError(f"{table}: a key is there twice")
    if not spark.catalog.tableExists(f"gold.{table}"):
        spark.sql(f"CREATE TABLE gold.{table} USING delta TBLPROPERTIES (delta.enableChangeDataFeed = true) AS SELECT * FROM gold.{table}_candidate LIMIT 0")
    same = " AND ".join(f"t.{name} <=> s.{name}" for name in candidate.columns)
    on = " AND ".join(f"t.{name} = s.{name}" for name in key)
    spark.sql(
        f"""
        MERGE INTO gold.{table} t USING gold.{table}_candidate s ON {on}
        WHEN MATCHED AND NOT ({same}) THEN UPDATE SET *
        WHEN NOT MATCHED THEN INSERT *
        WHEN NOT MATCHED BY SOURCE THEN DELETE
        """
    )
    version = spark.sql(f"DESCRIBE HISTORY gold.{table} LIMIT 1").collect()[0]["version"]
    changes = spark.sql(f"SELECT * FROM table_changes('gold.{table}', {version}, {version}) WHERE _change_type <> 'update_preimage'")
    changes.write.mode("overwrite").json(str(work / "changes" / str(number) / table))


def main(lake: Path, work: Path, jars: Path) -> None:
    server = start_server(work, jars)
    try:
        spark = SparkSession.builder.remote(f"sc://127.0.0.1:{server.port}").getOrCreate()
        spark.sql("CREATE DATABASE silver")
        spark.sql("CREATE DATABASE gold")
        for manifest in batches_of(lake):
            run_batch(spark, lake, work, manifest)
        counts = {table: spark.table(f"gold.{table}").count() for table in GOLD}
        counts["flights"] = spark.table("silver.flights").count()
        spark.stop()
    finally:
        server.stop()
        shutil.rmtree(work / "warehouse", ignore_errors=True)
    print(json.dumps(counts))


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:4]))
