import pytest

from assay_local.reading import why_it_may_write


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "select * from gold.days -- DELETE FROM gold.days",
        "SELECT 'DROP TABLE x'",
        "WITH a AS (SELECT 1) SELECT * FROM a UNION ALL SELECT 2",
        "(SELECT 1)",
        "VALUES (1, 2)",
        "FROM gold.days SELECT count(*)",
        "DESCRIBE TABLE EXTENDED gold.days",
        "DESCRIBE HISTORY gold.days",
        "SHOW TABLES IN weather_gold",
        "EXPLAIN DELETE FROM gold.days",
        "SELECT * FROM gold.days VERSION AS OF 3;",
        "SELECT * FROM gold.days TABLESAMPLE (5 ROWS)",
        "SELECT payload:a.b::int, try_variant_get(v, '$.a', 'bigint') FROM silver.x",
        "SELECT transform(a, x -> x + 1) FROM silver.x QUALIFY row_number() OVER (ORDER BY a) = 1",
        "SELECT replace(a, 'b', 'c') AS update FROM silver.x",
    ],
)
def test_a_question_only_reads(statement: str) -> None:
    assert why_it_may_write(statement) is None


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM silver.x",
        "delete from silver.x where a = 1",
        "/* SELECT */ DELETE FROM silver.x",
        "UPDATE silver.x SET a = 1",
        "INSERT INTO silver.x VALUES (1)",
        "INSERT OVERWRITE silver.x SELECT 1",
        "WITH a AS (SELECT 1) INSERT INTO silver.x SELECT * FROM a",
        "FROM silver.x INSERT INTO silver.y SELECT *",
        "MERGE INTO silver.x t USING silver.y s ON t.a = s.a WHEN MATCHED THEN DELETE",
        "CREATE TABLE x AS SELECT 1",
        "CREATE OR REPLACE VIEW x AS SELECT 1",
        "DROP TABLE silver.x",
        "DROP SCHEMA weather_silver CASCADE",
        "TRUNCATE TABLE silver.x",
        "ALTER TABLE silver.x ADD COLUMNS (b int)",
        "OPTIMIZE silver.x",
        "VACUUM silver.x",
        "RESTORE TABLE silver.x TO VERSION AS OF 1",
        "REFRESH TABLE silver.x",
        "CACHE TABLE silver.x",
        "MSCK REPAIR TABLE silver.x",
        "LOAD DATA INPATH 'a' INTO TABLE silver.x",
        "COPY INTO silver.x FROM 'a' FILEFORMAT = CSV",
        "SET spark.sql.ansi.enabled = false",
        "USE weather_gold",
        "BEGIN DELETE FROM silver.x; END",
        "EXECUTE IMMEDIATE 'DROP TABLE silver.x'",
        "CALL something()",
        "SELECT 1; DROP TABLE silver.x",
        "SELECT * FROM (",
        "",
    ],
)
def test_whatever_may_change_something_is_no_question(statement: str) -> None:
    assert why_it_may_write(statement) is not None
