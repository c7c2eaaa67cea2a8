"""peer.py irspack|implicit DIR DIM BLOCK UNOBSERVED REGULARIZATION EXPONENT: the work of als_side.cc.

BLOCK 0: irspack's exact CHOLESKY; CG: its conjugate gradients; else IALSPP on blocks of that size.
implicit runs its defaults (3 steps of conjugate gradients); UNOBSERVED must be 1, EXPONENT 0.
"""
import os
import sys

import numpy as np
import scipy.sparse as sp
import threadpoolctl

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                "paired"))
import side  # noqa: E402

THREADS = 2


def main():
    name, folder, dim, block = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    unobserved, regularization, exponent = (float(word) for word in sys.argv[5:8])
    users = np.fromfile(f"{folder}/users.f32", np.float32).reshape(-1, dim)
    items = np.fromfile(f"{folder}/items.f32", np.float32).reshape(-1, dim)
    offsets = np.fromfile(f"{folder}/offsets.i64", np.int64)
    columns = np.fromfile(f"{folder}/columns.u32", np.uint32).astype(np.int32)
    weight = float(np.fromfile(f"{folder}/weight.f32", np.float32)[0])
    matrix = sp.csr_matrix((np.full(len(columns), weight, np.float32), columns, offsets),
                           shape=(len(users), len(items)))
    make = irspack_side if name == "irspack" else implicit_side
    work, factors = make(matrix, users, items, block, unobserved, regularization, exponent)
    side.serve({}, work, lambda _, path: np.concatenate(
        [np.asarray(part, np.float32).ravel() for part in factors()]).tofile(path))


def irspack_side(matrix, users, items, block, unobserved, regularization, exponent):
    from irspack.recommenders.ials import IALSTrainer, LossType, SolverType
    solver = {"0": SolverType.CHOLESKY, "CG": SolverType.CG}.get(block, SolverType.IALSPP)
    trainer = IALSTrainer(matrix, users.shape[1], unobserved, regularization, exponent, 0.1, solver,
                          3, int(block) if block.isdigit() and block != "0" else 64,
                          LossType.IALSPP, 1, THREADS, 5, 7)
    trainer.core_trainer.user = users
    trainer.core_trainer.item = items
    return trainer.run_epoch, lambda: (trainer.core_trainer.user, trainer.core_trainer.item)


# implicit minimises, with confidence c on what was seen and 1 elsewhere,
#   sum c (1 - p)^2 + sum p^2 + regularization (|x|^2 + |y|^2);
# with c = weight + 1 and p = t p', t = c / weight, that is t^2 times our objective with `weight`,
# unobserved weight 1 and regularization / t. So its factors are ours times sqrt(t).
def implicit_side(matrix, users, items, _, unobserved, regularization, exponent):
    from implicit.cpu.als import AlternatingLeastSquares
    assert unobserved == 1 and exponent == 0
    threadpoolctl.threadpool_limits(1, "blas")
    weight = float(matrix.data[0])
    t = (weight + 1) / weight
    confidence = matrix.copy()
    confidence.data[:] = weight + 1
    transposed = confidence.T.tocsr()
    model = AlternatingLeastSquares(factors=users.shape[1], regularization=regularization * t,
                                    alpha=1, iterations=1, num_threads=THREADS)
    x, y = users * np.float32(np.sqrt(t)), items * np.float32(np.sqrt(t))

    def work():
        model.solver(confidence, x, y, model.regularization, num_threads=THREADS)
        model.solver(transposed, y, x, model.regularization, num_threads=THREADS)

    return work, lambda: (x / np.sqrt(t), y / np.sqrt(t))


if __name__ == "__main__":
    main()
