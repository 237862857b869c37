/** What dropped files may be: the encodings of a CSV, and the formats that have no options. */

/** Of a CSV file: as both Python and an author's editor call them. */
export const ENCODINGS = [
  "utf-8",
  "utf-16",
  "utf-16le",
  "utf-16be",
  "iso-8859-1",
  "iso-8859-2",
  "iso-8859-15",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "shift_jis",
  "gb18030",
  "euc-kr",
  "big5",
] as const;

/** Formats that have no options. */
export const PLAIN_FORMATS = [
  "json",
  "ndjson",
  "avro",
  "parquet",
  "reference",
] as const;
