-- What lies where. A row vanishes when nothing is left of an item, and comes back with the next one.
SELECT
  place,
  item,
  sum(amount) AS quantity,
  count(*) AS movements
FROM silver.movements
GROUP BY place, item
HAVING sum(amount) <> 0
