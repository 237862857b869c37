-- How late flights are between two airports.
SELECT
  origin,
  destination,
  count(*) AS flights,
  round(avg(delay), 6) AS mean_delay,
  round(percentile(delay, 0.9), 6) AS p90_delay,
  round(avg(CASE WHEN delay > 15 THEN 1 ELSE 0 END), 6) AS share_delayed,
  round(avg(distance), 6) AS mean_distance
FROM silver.flights
GROUP BY origin, destination
