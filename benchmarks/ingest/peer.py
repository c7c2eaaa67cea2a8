"""One run of a peer, in a process of its own: read, sort by user and time, write Parquet, sync.

    python peer.py polars|duckdb INPUT OUTPUT

Prints one line of JSON: the seconds of the work alone (imports and process start left out) and the
peak of the process's memory in MiB.
"""
import json
import os
import resource
import sys
import time


def sync(path):
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def run_polars(source, target):
    import polars as pl
    start = time.perf_counter()
    if source.endswith(".csv"):
        frame = pl.read_csv(source, schema_overrides={"user": pl.String, "item": pl.String},
                            try_parse_dates=True)
    elif source.endswith(".jsonl"):
        frame = pl.read_ndjson(source).with_columns(
            pl.col("timestamp").str.to_datetime("%Y-%m-%d %H:%M:%S"))
    else:
        frame = pl.read_parquet(source)
    frame.sort("user", "timestamp", maintain_order=True).write_parquet(target, compression="lz4")
    sync(target)
    return time.perf_counter() - start


def run_duckdb(source, target):
    import duckdb
    start = time.perf_counter()
    db = duckdb.connect()
    db.execute("SET preserve_insertion_order=true")
    types = "{'user': 'VARCHAR', 'item': 'VARCHAR', 'event': 'VARCHAR', " \
            "'timestamp': 'TIMESTAMP', 'price': 'DOUBLE'}"
    reader = {"csv": f"read_csv('{source}', header=true, columns={types})",
              "jsonl": f"read_json('{source}', format='newline_delimited', columns={types})",
              "parquet": f"read_parquet('{source}')"}[source.rsplit(".", 1)[1]]
    db.execute(f"COPY (SELECT * FROM {reader} ORDER BY user, timestamp) TO '{target}' "
               "(FORMAT parquet, COMPRESSION lz4_raw)")
    sync(target)
    return time.perf_counter() - start


if __name__ == "__main__":
    seconds = {"polars": run_polars, "duckdb": run_duckdb}[sys.argv[1]](*sys.argv[2:4])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))
