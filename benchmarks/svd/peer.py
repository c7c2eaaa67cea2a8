"""peer.py DIR RANK: scikit-learn's randomized_svd, its defaults, on the matrix of svd_side.cc."""
import os
import sys

import numpy as np
import scipy.sparse as sp
import threadpoolctl

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                "paired"))
import side  # noqa: E402


def main():
    folder, rank = sys.argv[1], int(sys.argv[2])
    from sklearn.utils.extmath import randomized_svd
    offsets = np.fromfile(f"{folder}/offsets.i64", np.int64)
    columns = np.fromfile(f"{folder}/columns.u32", np.uint32).astype(np.int32)
    values = np.fromfile(f"{folder}/values.f32", np.float32)
    count = int(np.fromfile(f"{folder}/columns.count", np.int64)[0])
    matrix = sp.csr_matrix((values, columns, offsets), shape=(len(offsets) - 1, count))
    threadpoolctl.threadpool_limits(2)

    def write(answer, path):
        _, singular, right = answer
        np.concatenate([singular.astype(np.float32),
                        right.T.astype(np.float32).ravel()]).tofile(path)

    side.serve({}, lambda: randomized_svd(matrix, rank, random_state=1), write)


if __name__ == "__main__":
    main()
