SELECT 'arrays' AS source, _sequence AS sequence, _item AS item, device, n
FROM silver.arrays
UNION ALL
SELECT 'records' AS source, _sequence AS sequence, _item AS item, device, n
FROM silver.records
