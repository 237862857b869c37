-- Texts as the names of documents: the first is their partition.
SELECT
  text,
  note,
  _sequence AS sequence,
  char_length(text) AS characters
FROM silver.texts
