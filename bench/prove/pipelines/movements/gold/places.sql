-- How much each place holds.
SELECT
  place,
  count(*) AS items,
  sum(quantity) AS quantity,
  CAST(max(quantity) AS DOUBLE) / 4 AS quarter
FROM gold.stock
GROUP BY place
