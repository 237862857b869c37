-- How late flights leave an airport on a day, and where that airport is.
WITH departures AS (
  SELECT
    origin AS airport,
    replace(substr(date, 1, 10), '/', '-') AS day,
    delay
  FROM silver.flights
),

delays AS (
  SELECT
    airport,
    day,
    count(*) AS flights,
    round(avg(delay), 6) AS mean_delay,
    round(percentile(delay, 0.9), 6) AS p90_delay,
    round(avg(CASE WHEN delay > 15 THEN 1 ELSE 0 END), 6) AS share_delayed
  FROM departures
  GROUP BY airport, day
)

SELECT
  delays.airport,
  delays.day,
  delays.flights,
  delays.mean_delay,
  delays.p90_delay,
  delays.share_delayed,
  airports.name,
  airports.city,
  airports.state,
  airports.latitude,
  airports.longitude
FROM delays
LEFT JOIN silver.airports AS airports ON airports.iata = delays.airport
