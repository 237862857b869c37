-- Together the notes of a device may be larger than a document can be.
SELECT
  device,
  count(*) AS notes,
  array_join(array_sort(collect_list(note)), '') AS text
FROM silver.notes
GROUP BY device
