"""The peers' way of rating usage: rate.py ENGINE QUERY FILE THREADS.

Prints one JSON object: CPU and wall seconds without start-up and imports, the peak memory of the
process, and the answer in the form of rate/ours.rs.
"""

import hashlib
import json
import os
import sys
import time

from peak import peak_mib

ENGINE, QUERY, FILE, THREADS = sys.argv[1:5]
os.environ["POLARS_MAX_THREADS"] = THREADS

START = 1_772_294_400_000_000
HOUR = 3_600_000_000
# meter, end of the first and second tier, prices of the three tiers in millionths
PRICES = [
    (
        meter,
        1_000 + 250 * meter,
        (1_000 + 250 * meter) * 20,
        9_000 + 100 * meter,
        7_000 + 90 * meter,
        4_000 + 70 * meter,
    )
    for meter in range(8)
]


def duckdb_rows():
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    names = "(meter, t1, t2, p1, p2, p3)"
    values = ", ".join(str(row) for row in PRICES)
    connection.execute(f"CREATE TABLE prices AS SELECT * FROM (VALUES {values}) AS t{names}")

    def price(units):
        return (
            f"(p1 * least({units}, t1) + p2 * greatest(least({units}, t2) - t1, 0)"
            f" + p3 * greatest({units} - t2, 0))"
        )

    source = f"read_parquet('{FILE}')"
    if QUERY == "c":
        numbered = f"read_parquet('{FILE}', file_row_number = true)"
        source = (
            f"(SELECT u.* FROM {numbered} u SEMI JOIN (SELECT min(file_row_number) AS row"
            f" FROM {numbered} GROUP BY id) k ON u.file_row_number = k.row)"
        )
    hours = (
        f"SELECT customer, meter, (at_micros - {START}) // {HOUR} AS hour,"
        f" sum(quantity)::BIGINT AS units FROM {source} GROUP BY ALL"
    )
    if QUERY == "a":
        charges = f"SELECT customer, {price('units')} AS amount FROM h JOIN prices USING (meter)"
    else:
        charges = (
            f"SELECT customer, {price('through')} - {price('(through - units)')} AS amount FROM"
            " (SELECT customer, meter, units, (sum(units) OVER (PARTITION BY customer, meter"
            " ORDER BY hour))::BIGINT AS through FROM h) JOIN prices USING (meter)"
        )
    text = (
        f"WITH h AS ({hours}), c AS ({charges})"
        " SELECT customer, sum(amount)::BIGINT FROM c GROUP BY customer ORDER BY customer"
    )
    return lambda: connection.execute(text).fetchall()


def polars_rows():
    import polars as pl

    columns = ["meter", "t1", "t2", "p1", "p2", "p3"]
    prices = pl.DataFrame(PRICES, schema=columns, orient="row").lazy()
    prices = prices.with_columns(pl.col("meter").cast(pl.Int32))

    def price(units):
        def part(low, high):
            upper = pl.min_horizontal(units, high) if high is not None else units
            return pl.max_horizontal(upper - low, pl.lit(0))

        return (
            pl.col("p1") * part(pl.lit(0), pl.col("t1"))
            + pl.col("p2") * part(pl.col("t1"), pl.col("t2"))
            + pl.col("p3") * part(pl.col("t2"), None)
        )

    source = pl.scan_parquet(FILE)
    if QUERY == "c":
        source = source.unique(subset="id", keep="first", maintain_order=False)
    hour = ((pl.col("at_micros") - START) // HOUR).alias("hour")
    hours = source.group_by("customer", "meter", hour).agg(pl.col("quantity").sum().alias("units"))
    if QUERY == "a":
        amount = price(pl.col("units"))
    else:
        through = pl.col("units").cum_sum().over(["customer", "meter"], order_by="hour")
        hours = hours.with_columns(through.alias("through"))
        amount = price(pl.col("through")) - price(pl.col("through") - pl.col("units"))
    lazy = (
        hours.join(prices, on="meter")
        .select("customer", amount.alias("amount"))
        .group_by("customer")
        .agg(pl.col("amount").sum())
        .sort("customer")
    )
    return lambda: lazy.collect(engine="streaming").rows()


def main():
    rows = {"duckdb": duckdb_rows, "polars": polars_rows}[ENGINE]()
    cpu, wall = time.process_time(), time.perf_counter()
    amounts = rows()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    text = "".join(f"{customer} {amount}\n" for customer, amount in amounts if amount)
    total = sum(amount for _, amount in amounts)
    answer = f"{total} {hashlib.sha256(text.encode()).hexdigest()}"
    print(json.dumps({"cpu": cpu, "wall": wall, "peak_mib": peak_mib(), "answer": answer}))


main()
