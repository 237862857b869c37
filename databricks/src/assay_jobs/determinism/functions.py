"""The functions whose answer depends on more than the rows that they are given."""

from __future__ import annotations

CLOCK = "Write a date or time of the data."
DATA = "Write a column of the data."
# By the names that sqlglot gives them, aliases such as getdate() included.
FUNCTIONS = {
    **dict.fromkeys(("now", "current_date", "current_timestamp", "current_time"), CLOCK),
    **dict.fromkeys(("localtimestamp", "current_timezone", "curtime", "sysdate"), CLOCK),
    **dict.fromkeys(("rand", "random", "randn", "randstr", "uniform", "uuid"), DATA),
    "shuffle": "Write array_sort(list).",
    **dict.fromkeys(("monotonically_increasing_id", "spark_partition_id"), DATA),
    **dict.fromkeys(("input_file_name", "input_file_block_start", "input_file_block_length"), DATA),
    **dict.fromkeys(("current_user", "session_user", "user"), DATA),
    **dict.fromkeys(("current_catalog", "current_database", "current_schema"), DATA),
    **dict.fromkeys(("current_metastore", "version", "current_version", "secret"), DATA),
    **dict.fromkeys(("is_member", "is_account_group_member"), DATA),
    # They call any method of Java, the clock's and chance's too.
    **dict.fromkeys(("reflect", "try_reflect", "java_method"), "Write a function of SQL."),
    **dict.fromkeys(("http_request", "remote_query", "vector_search"), DATA),
    # Sketches that forget: what they keep depends on the order of the rows.
    "approx_quantile": "Write percentile(value, share).",
    "histogram_numeric": "Write count(*) grouped by a range of the value.",
    **dict.fromkeys(
        ("approx_top_k", "approx_top_k_accumulate", "approx_top_k_combine"),
        "Write count(*) grouped by the value.",
    ),
    **dict.fromkeys(
        ("hll_sketch_agg", "hll_union_agg", "theta_sketch_agg", "theta_union_agg"),
        "Write count(DISTINCT value).",
    ),
    **dict.fromkeys(
        ("kll_sketch_agg_bigint", "kll_sketch_agg_double", "kll_sketch_agg_float"),
        "Write percentile(value, share).",
    ),
}
# A model answers as it likes. https://docs.databricks.com/aws/en/large-language-models/ai-functions
OF_MODELS = "ai_"

ORDERED_LIST = "Write array_sort(collect_list(value))."
ORDERED_SET = "Write array_sort(collect_set(value))."
ORDERED_TEXT = "Write listagg(value, ', ') WITHIN GROUP (ORDER BY value)."
# They answer by the order in which the rows come, unless something around them hides it.
BY_ORDER = {
    **dict.fromkeys(("first", "first_value", "any_value"), "Write min_by(value, order)."),
    **dict.fromkeys(("last", "last_value"), "Write max_by(value, order)."),
    "nth_value": "Write nth_value(value, n) OVER (… ORDER BY …).",
    "mode": "Write mode(value, true), which takes the least of several.",
    **dict.fromkeys(("array_agg", "collect_list"), ORDERED_LIST),
    **dict.fromkeys(("array_unique_agg", "collect_set"), ORDERED_SET),
    **dict.fromkeys(("group_concat", "listagg", "string_agg"), ORDERED_TEXT),
}

# Where sqlglot's name is not the author's and the node does not say where it stands.
AUTHORS_NAMES = {"approx_quantile": "percentile_approx", "group_concat": "listagg or string_agg"}
