SELECT 'plain' AS source, _partition AS file, _sequence AS row, id, name, qty, price, ok, at
FROM silver.plain
UNION ALL
SELECT 'list' AS source, _partition AS file, _sequence AS row, id, name, qty, price, ok, at
FROM silver.list
UNION ALL
SELECT 'lines' AS source, _partition AS file, _sequence AS row, id, name, qty, price, ok, at
FROM silver.lines
