#!/usr/bin/env python3
"""Times the device's work beside torch's, on a machine with a GPU: answers first, then medians.

Usage: benchmarks/gpu/peer.py --side 'COMMAND' [--out DIR] [--seconds S] [--profile]

COMMAND starts the program gpu_side. Writes gpu.jsonl to DIR and prints a table. The limits of the
card are measured in the same run: a bf16 product and a device-to-device copy, by torch. No work is
begun after S seconds (what was not begun is named). --profile: one more run of each, under ncu, for
the time of each kernel.
"""
import argparse
import csv
import datetime
import json
import pathlib
import re
import shlex
import shutil
import statistics
import subprocess
import tempfile
import time

import torch

DEVICE = torch.device("cuda")


def median_ms(work, runs, warm=1):
    for _ in range(warm):
        work()
    times = []
    for _ in range(runs):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        work()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end))
    return statistics.median(times)


def limits():
    a = torch.randn(8192, 8192, device=DEVICE, dtype=torch.bfloat16)
    b = torch.randn(8192, 8192, device=DEVICE, dtype=torch.bfloat16)
    product = median_ms(lambda: torch.matmul(a, b), 10, warm=3)
    c = torch.randn(8192, 8192, device=DEVICE)
    d = torch.randn(8192, 8192, device=DEVICE)
    single = median_ms(lambda: torch.matmul(c, d), 3)
    big = torch.randn(2**29, device=DEVICE)
    other = torch.empty_like(big)
    copy = median_ms(lambda: other.copy_(big), 10, warm=3)
    return {"bf16_tflops": 2 * 8192**3 / product / 1e9, "fp32_tflops": 2 * 8192**3 / single / 1e9,
            "copy_tb_s": 2 * 4 * 2**29 / copy / 1e9}


class Bench:
    def __init__(self, side, out, seconds, profile):
        self.side = shlex.split(side)
        self.profile = profile and shutil.which("ncu")
        self.out = out
        self.until = time.monotonic() + seconds
        self.base = {"benchmark": "gpu", "card": torch.cuda.get_device_name(),
                     "torch": torch.__version__,
                     "time": datetime.datetime.now(datetime.timezone.utc).isoformat(
                         timespec="seconds")}
        self.limits = {k: round(v, 2) for k, v in limits().items()}
        self.note({"work": "limits", **self.limits})

    def note(self, row):
        row = {**self.base, **row}
        with open(self.out / "gpu.jsonl", "a") as file:
            file.write(json.dumps(row) + "\n")
        print(" ".join(f"{k}={v}" for k, v in row.items() if k not in self.base), flush=True)

    def late(self, what):
        if time.monotonic() < self.until:
            return False
        print(f"NOT BEGUN, out of time: {what}", flush=True)
        return True

    def run_side(self, *words):
        done = subprocess.run([*self.side, *map(str, words)], capture_output=True, text=True,
                              timeout=90)
        if done.returncode != 0:
            raise RuntimeError(f"gpu_side {' '.join(map(str, words))}: {done.stderr[-500:]}")
        return json.loads(done.stdout.splitlines()[-1])


    def note_kernels(self, name, *words):
        """Milliseconds by kernel, of one run."""
        if not self.profile or self.late(f"{name}, profile"):
            return
        metric = "gpu__time_duration.sum"
        command = [self.profile, "--clock-control", "none", "--csv", "--metrics", metric,
                   "--target-processes", "all", "--print-units", "base", *self.side, *map(str, words), "0"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90)
        lines = done.stdout.splitlines()
        starts = [i for i, line in enumerate(lines) if line.startswith('"ID"')]
        if done.returncode != 0 or not starts:
            print(f"no profile of {name}: {done.stdout[-300:]} {done.stderr[-300:]}", flush=True)
            return
        kernels = {}
        for row in csv.DictReader(lines[starts[0]:]):
            kernel = re.sub(r"^.*?::|[(<].*", "", row["Kernel Name"].replace("<unnamed>::", ""))
            times = kernels.setdefault(kernel.split("::")[-1], [])
            times.append(float(row["Metric Value"].replace(",", "")) / 1e6)
        self.note({"name": name + ", kernels, ms",
                   **{k: [len(v), round(sum(v), 3)] for k, v in kernels.items()}})


def dump(tensor, path):
    tensor.contiguous().cpu().numpy().tofile(path)


def seen_lists(queries, items, mean):
    """Ascending, unique seen items of each query: offsets, columns and row numbers."""
    rows = torch.randint(queries, (queries * mean,), device=DEVICE)
    columns = (torch.rand(queries * mean, device=DEVICE)**2 * items).long()
    flat = torch.unique(rows * items + columns)
    rows, columns = flat // items, flat % items
    offsets = torch.zeros(queries + 1, dtype=torch.int64, device=DEVICE)
    offsets[1:] = torch.bincount(rows, minlength=queries).cumsum(0)
    return offsets, columns, rows


def torch_top_k(queries, items, seen, k, tile, dtype):
    """Lists by matmul and topk over tiles of queries; masked by writing -inf."""
    offsets, columns, rows = seen
    items = items.to(dtype).T.contiguous()
    scores = torch.empty(len(queries), k, device=DEVICE, dtype=torch.float32)
    ids = torch.empty(len(queries), k, device=DEVICE, dtype=torch.int64)
    bounds = offsets[::tile].tolist() + [int(offsets[-1])]
    for i, begin in enumerate(range(0, len(queries), tile)):
        part = queries[begin:begin + tile].to(dtype) @ items
        at = slice(bounds[i], bounds[i + 1])
        part[rows[at] - begin, columns[at]] = -torch.inf
        best = torch.topk(part, k, dim=1)
        scores[begin:begin + tile] = best.values
        ids[begin:begin + tile] = best.indices
    return scores, ids


def differences(scores, ids, ours, our_ids):
    """Places where the item differs and the scores are further apart than fp32 sums can be."""
    close = (scores - ours).abs() <= 1e-5 * (scores.abs() + 10)
    return int((~close).sum()), int((ids != our_ids).sum())


def top_k(bench, queries_n, items_n, dim, k, mean, runs, folder):
    name = f"top_k {queries_n} x {items_n}, d {dim}, k {k}"
    if bench.late(name):
        return
    torch.manual_seed(queries_n)
    queries = torch.randn(queries_n, dim, device=DEVICE)
    items = torch.randn(items_n, dim, device=DEVICE)
    seen = seen_lists(queries_n, items_n, mean)
    dump(queries, folder / "queries.f32")
    dump(items, folder / "items.f32")
    dump(seen[0], folder / "offsets.i64")
    dump(seen[1].int(), folder / "columns.u32")
    torch.cuda.empty_cache()
    words = ["top_k", folder, queries_n, items_n, dim, k]
    side = bench.run_side(*words, runs)
    import numpy
    ours = torch.from_numpy(numpy.fromfile(folder / "scores.f32", dtype=numpy.float32)).to(DEVICE)
    our_ids = torch.from_numpy(
        numpy.fromfile(folder / "rows.u32", dtype=numpy.uint32).astype(numpy.int64)).to(DEVICE)
    ours, our_ids = ours.view(queries_n, k), our_ids.view(queries_n, k)
    row = {"name": name, **side}
    flops = 2 * queries_n * items_n * dim
    row["tflops"] = round(flops / side["median_ms"] / 1e9, 1)
    row["of_bf16_limit"] = round(row["tflops"] / bench.limits["bf16_tflops"], 3)
    tile = 8192
    scores, ids = torch_top_k(queries, items, seen, k, tile, torch.float32)
    row["wrong_scores"], row["other_ids"] = differences(scores, ids, ours, our_ids)
    row["lists"] = queries_n * k
    del scores, ids
    bench.note(row)
    bench.note_kernels(name, *words)
    for dtype in (torch.float32, torch.bfloat16):
        if bench.late(f"{name}, torch {dtype}"):
            return
        ms = median_ms(lambda: torch_top_k(queries, items, seen, k, tile, dtype), 2, warm=0)
        bench.note({"name": f"{name}, torch matmul + topk {str(dtype)[6:]}",
                    "median_ms": round(ms, 2), "runs": 2,
                    "ratio": round(ms / side["median_ms"], 2)})


def als(bench, customers, items, interactions, dim, runs, folder):
    name = f"als epoch, {interactions} interactions, {customers} x {items}, d {dim}"
    if bench.late(name):
        return
    torch.manual_seed(dim)
    rows = (torch.rand(interactions, device=DEVICE)**1.5 * customers).long()
    columns = (torch.rand(interactions, device=DEVICE)**2 * items).long()
    flat = torch.unique(rows * items + columns)
    for side, (a, b, n) in {"customers": (flat // items, flat % items, customers),
                            "items": (flat % items, flat // items, items)}.items():
        order = torch.argsort(a, stable=True)
        offsets = torch.zeros(n + 1, dtype=torch.int64, device=DEVICE)
        offsets[1:] = torch.bincount(a, minlength=n).cumsum(0)
        dump(offsets, folder / f"{side}_offsets.i64")
        dump(b[order].int(), folder / f"{side}_columns.u32")
        dump(torch.randn(n, dim, device=DEVICE) * dim**-0.5, folder / f"{side}_factors.f32")
    torch.cuda.empty_cache()
    side = bench.run_side("als", folder, customers, items, dim, runs)
    nonzeros = len(flat)
    # Normal equations (half a matrix) of both sides, Cholesky, and the Gram matrices.
    flops = 2 * nonzeros * dim * (dim + 1) + (customers + items) * (dim**3 / 3 + dim * dim * 4)
    nbytes = 2 * nonzeros * (4 * dim + 4) + 2 * 4 * dim * (customers + items)
    row = {"name": name, **side, "nonzeros": nonzeros,
           "tflops": round(flops / side["median_ms"] / 1e9, 2),
           "of_fp32_limit": round(flops / side["median_ms"] / 1e9 / bench.limits["fp32_tflops"], 4),
           "of_copy_limit": round(nbytes / side["median_ms"] / 1e9 / bench.limits["copy_tb_s"], 4)}
    bench.note(row)
    bench.note_kernels(name, "als", folder, customers, items, dim)


def gram(bench, rows, dim, folder):
    name = f"gram {rows} x {dim}"
    if bench.late(name):
        return
    torch.manual_seed(3)
    matrix = torch.randn(rows, dim, device=DEVICE)
    dump(matrix, folder / "rows.f32")
    side = bench.run_side("gram", folder, rows, dim, 5)
    ms = median_ms(lambda: matrix.T @ matrix, 5)
    flops = 2 * rows * dim * dim
    bench.note({"name": name, **side, "tflops": round(flops / side["median_ms"] / 1e9, 2),
                "of_copy_limit": round(4 * rows * dim / side["median_ms"] / 1e9
                                       / bench.limits["copy_tb_s"], 3),
                "torch_fp32_ms": round(ms, 3)})


TEMPERATURE = 0.07  # gpu_side has the same


def torch_softmax(queries, positives, candidates, dtype):
    """Losses and gradients by matmul and cross_entropy; the logits are written."""
    leaves = [x.clone().requires_grad_() for x in (queries, positives, candidates)]
    q, p, c = (x.to(dtype) for x in leaves)
    logits = torch.cat([(q * p).sum(1, keepdim=True), q @ c.T], 1).float() / TEMPERATURE
    target = torch.zeros(len(q), dtype=torch.int64, device=DEVICE)
    losses = torch.nn.functional.cross_entropy(logits, target, reduction="none")
    losses.sum().backward()
    return losses.detach(), *(x.grad for x in leaves)


def softmax(bench, queries_n, candidates_n, dim, folder):
    name = f"sampled softmax {queries_n} x {candidates_n}, d {dim}, with gradients"
    if bench.late(name):
        return
    import numpy
    torch.manual_seed(dim)
    vectors = [torch.nn.functional.normalize(torch.randn(n, dim, device=DEVICE))
               for n in (queries_n, queries_n, candidates_n)]
    for x, file in zip(vectors, ("queries", "positives", "candidates")):
        dump(x, folder / f"{file}.f32")
    torch.cuda.empty_cache()
    flops = 8 * queries_n * candidates_n * dim  # four products
    want = torch_softmax(*vectors, torch.float32)
    words = ["softmax", folder, queries_n, candidates_n, dim]
    for way in ([], ["split"]) if dim <= 128 else ([],):
        side = bench.run_side(*words, 20, *way)
        row = {"name": " ".join([name, *way]), **side,
               "tflops": round(flops / side["median_ms"] / 1e9, 1)}
        row["of_bf16_limit"] = round(row["tflops"] / bench.limits["bf16_tflops"], 3)
        for file, x in zip(("losses", "dq", "dp", "dc"), want):
            ours = torch.from_numpy(numpy.fromfile(folder / f"{file}.f32", dtype=numpy.float32))
            off = (ours.to(DEVICE).view_as(x) - x).abs().max() / x.abs().max()
            row[f"{file}_off"] = float(f"{off.item():.2g}")
        bench.note(row)
        if not way:
            median = side["median_ms"]
            bench.note_kernels(name, *words)
    for dtype in (torch.float32, torch.bfloat16):
        ms = median_ms(lambda: torch_softmax(*vectors, dtype), 5)
        bench.note({"name": f"{name}, torch matmul + cross_entropy {str(dtype)[6:]}",
                    "median_ms": round(ms, 3), "runs": 5, "ratio": round(ms / median, 2)})


def draw(bench, items, draws, folder):
    name = f"{draws} draws of {items} items by popularity"
    if bench.late(name):
        return
    side = bench.run_side("draw", folder, items, draws, 5)
    weights = torch.rand(items, device=DEVICE)
    ms = median_ms(lambda: torch.multinomial(weights, draws, replacement=True), 5)
    bench.note({"name": name, **side, "torch_multinomial_ms": round(ms, 3)})


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", required=True)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--profile", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    bench = Bench(args.side, args.out, args.seconds, args.profile)
    place = "/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None
    failed = 0
    for work in (
            lambda f: softmax(bench, 8192, 8192, 128, f),
            lambda f: softmax(bench, 8192, 8192, 64, f),
            lambda f: draw(bench, 1_000_000, 8192 * 1024, f),
            lambda f: top_k(bench, 29_858, 40_981, 64, 100, 30, 5, f),
            lambda f: top_k(bench, 1_000_000, 100_000, 128, 100, 50, 3, f),
            lambda f: als(bench, 137_000, 20_000, 10_000_000, 64, 5, f),
            lambda f: gram(bench, 137_000, 256, f),
            lambda f: als(bench, 137_000, 20_000, 10_000_000, 256, 3, f),
            lambda f: gram(bench, 1_000_000, 64, f)):
        folder = pathlib.Path(tempfile.mkdtemp(dir=place))
        try:
            work(folder)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            failed = 1
            print(f"FAILED: {error}", flush=True)
        finally:
            shutil.rmtree(folder)
            torch.cuda.empty_cache()
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
