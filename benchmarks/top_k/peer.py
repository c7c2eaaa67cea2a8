"""peer.py faiss|implicit DIR DIM K batch|single: the same work as top_k_side.cc."""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                "paired"))
import side  # noqa: E402

THREADS = 2
SINGLES = 100


def main():
    name, folder, dim, k, mode = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), \
        sys.argv[5]
    queries = np.fromfile(f"{folder}/queries.f32", np.float32).reshape(-1, dim)
    items = np.fromfile(f"{folder}/items.f32", np.float32).reshape(-1, dim)
    seen = None
    if os.path.exists(f"{folder}/seen_offsets.i64"):
        import scipy.sparse as sp
        offsets = np.fromfile(f"{folder}/seen_offsets.i64", np.int64)
        columns = np.fromfile(f"{folder}/seen_items.u32", np.uint32).astype(np.int32)
        seen = sp.csr_matrix((np.ones(len(columns), np.float32), columns, offsets),
                             shape=(len(queries), len(items)))
    work = faiss_work(queries, items, seen, k, mode) if name == "faiss" else \
        implicit_work(queries, items, seen, k)
    side.serve({}, work, lambda ids, path: ids.astype(np.uint32).tofile(path))


def faiss_work(queries, items, seen, k, mode):
    import faiss
    faiss.omp_set_num_threads(THREADS)
    index = faiss.IndexFlatIP(items.shape[1])
    index.add(items)
    if mode == "single":
        return lambda: np.vstack([index.search(queries[q:q + 1], k)[1] for q in range(SINGLES)])
    if seen is None:
        return lambda: index.search(queries, k)[1]
    counts = np.diff(seen.indptr)

    # Queries by length of history, so that few are asked for more than they need.
    def masked():
        out = np.empty((len(queries), k), np.int64)
        order = np.argsort(counts, kind="stable")
        for begin in range(0, len(order), 1024):
            rows = order[begin:begin + 1024]
            _, ids = index.search(queries[rows], k + int(counts[rows].max()))
            for row, found in zip(rows, ids):
                mine = seen.indices[seen.indptr[row]:seen.indptr[row + 1]]
                out[row] = found[~np.isin(found, mine)][:k]
        return out
    return masked


def implicit_work(queries, items, seen, k):
    import threadpoolctl
    from implicit.cpu.topk import topk
    threadpoolctl.threadpool_limits(THREADS)
    return lambda: topk(items, queries, k, filter_query_items=seen, num_threads=THREADS)[0]


if __name__ == "__main__":
    main()
