/** What change files of bronze are: Parquet, or gzipped CSV with a header. DMS writes both. */
export type BronzeFormat = "parquet" | "csv";

/** How the names of bronze's files end. */
export const BRONZE_SUFFIX: Readonly<Record<BronzeFormat, string>> = {
  parquet: ".parquet",
  csv: ".csv.gz",
};

/**
 * Null in bronze's CSV files, where an empty field is an empty text; also the name by which
 * glue-scripts/lakewright/csv_files.py knows it. Letters alone, which no quoting touches; a text
 * that is just this is read as null.
 */
export const CSV_NULL = "__null__";
