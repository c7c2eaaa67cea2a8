"""Events of a shop, the same for the same numbers: a file of five columns, a million rows at a time.

    python make_events.py --rows 4000000 --out events.csv [--order random|time] [--seed 1]

user        one of rows / 20 customers, a few of them far more active than the rest
item        one of 50,000, by a power law
event       view 80 %, add_to_cart 12 %, purchase 8 %
timestamp   whole seconds of 2024, "2024-03-01 12:34:56"
price       of the item, 0.50 to 500.00
"""
import argparse

import numpy as np
import polars as pl

SECONDS = 366 * 86_400
BEGIN = 1_704_067_200  # 2024-01-01
PIECE = 1_000_000
TYPES = np.array(["view", "add_to_cart", "purchase"])


def pieces(rows, order, seed):
    rng = np.random.default_rng(seed)
    prices = np.round(np.exp(rng.normal(3, 1, 50_000)).clip(0.5, 500), 2)
    users = max(rows // 20, 1)
    done = 0
    while done < rows:
        n = min(PIECE, rows - done)
        user = (users * rng.random(n) ** 1.5).astype(np.int64)
        item = (50_000 * rng.random(n) ** 2).astype(np.int64)
        if order == "time":
            low, high = SECONDS * done // rows, SECONDS * (done + n) // rows
            second = np.sort(rng.integers(low, max(high, low + 1), n))
        else:
            second = rng.integers(0, SECONDS, n)
        kind = TYPES[np.searchsorted([0.8, 0.92], rng.random(n), side="right")]
        yield pl.DataFrame({
            "user": user + 1_000_000,
            "item": item + 10_000,
            "event": kind,
            "timestamp": pl.Series(((second + BEGIN) * 1_000_000).astype("datetime64[us]")),
            "price": prices[item],
        })
        done += n


def write(path, rows, order, seed):
    kind = path.rsplit(".", 1)[1]
    if kind == "parquet":
        frame = pl.concat(pieces(rows, order, seed))
        frame.with_columns(pl.col("user", "item").cast(pl.String)).write_parquet(path)
        return
    with open(path, "wb") as out:
        for i, piece in enumerate(pieces(rows, order, seed)):
            if kind == "csv":
                piece.write_csv(out, include_header=i == 0, datetime_format="%Y-%m-%d %H:%M:%S",
                                float_precision=2)
            else:
                piece.with_columns(
                    pl.col("user", "item").cast(pl.String),
                    pl.col("timestamp").dt.strftime("%Y-%m-%d %H:%M:%S")).write_ndjson(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--out", required=True, help="ends in .csv, .jsonl or .parquet")
    parser.add_argument("--order", choices=["random", "time"], default="random")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    write(args.out, args.rows, args.order, args.seed)
