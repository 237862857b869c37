SELECT 'german' AS source, _partition AS file, _sequence AS row, id, name, qty, price, ok, at
FROM silver.german
UNION ALL
SELECT 'bare' AS source, _partition AS file, _sequence AS row, id, name, qty, price, ok, at
FROM silver.bare
UNION ALL
SELECT 'wide' AS source, _partition AS file, _sequence AS row, id, name, qty, price, ok, at
FROM silver.wide
UNION ALL
SELECT 'avro' AS source, _partition AS file, _sequence AS row, id, name, qty, price, ok, at
FROM silver.avro
UNION ALL
SELECT 'parquet' AS source, _partition AS file, _sequence AS row, id, name, qty, price, ok, at
FROM silver.parquet
