SELECT
  _partition AS partition,
  _sequence AS sequence,
  _event_at AS event_at,
  device,
  n,
  x,
  ok,
  at,
  note
FROM silver.readings
