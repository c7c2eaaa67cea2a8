"""The Gowalla train file, and embeddings of one epoch of plain ALS for the searches to rank."""
import numpy as np
import scipy.sparse as sp


def read(path):
    """[users, items] of ones, from lines `user item item ...`; columns ascending."""
    rows, columns = [], []
    with open(path) as lines:
        for line in lines:
            numbers = [int(word) for word in line.split()]
            rows += [numbers[0]] * (len(numbers) - 1)
            columns += numbers[1:]
    matrix = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    matrix.sort_indices()
    return matrix


def als_factors(matrix, dim, seed, unobserved_weight=0.1, regularization=0.003):
    random = np.random.default_rng(seed)
    items = random.normal(0, 0.1 / np.sqrt(dim), (matrix.shape[1], dim))
    users = half_step(matrix, items, unobserved_weight, regularization)
    items = half_step(matrix.T.tocsr(), users, unobserved_weight, regularization)
    return half_step(matrix, items, unobserved_weight, regularization), items


def half_step(matrix, fixed, unobserved_weight, regularization):
    gram = unobserved_weight * fixed.T @ fixed
    out = np.zeros((matrix.shape[0], fixed.shape[1]))
    for row in range(matrix.shape[0]):
        mine = fixed[matrix.indices[matrix.indptr[row]:matrix.indptr[row + 1]]]
        weight = regularization * (len(mine) + unobserved_weight * len(fixed))
        if len(mine):
            out[row] = np.linalg.solve(gram + mine.T @ mine + weight * np.eye(len(gram)),
                                       mine.sum(axis=0))
    return out
