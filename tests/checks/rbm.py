import numpy as np

from winit import check


def solved(v_0, v_1, W, c):
    p_0, p_1 = (1 / (1 + np.exp(-(v @ W + c))) for v in (v_0, v_1))
    return (v_0.T @ p_0 - v_1.T @ p_1) / len(v_0)


CASES = [
    (check.log_probability, -1.297, "✓"),
    (check.log_probability, 1.297, "other way round"),
    (check.log_probability, 1.313, "not subtracted"),
    (check.log_probability, -3.924, "not F(v)"),
    (check.log_probability, 0.2732, "take the logarithm"),
    (check.log_probability, 2.611, "log Z alone"),
    (check.log_probability, -2.595, "2 times"),
    (check.cd_step, solved, "✓"),
    (check.cd_step, lambda *a: -solved(*a), "data minus samples"),
    (check.cd_step, lambda *a: 3 * solved(*a), "number of rows"),
    (check.cd_step, lambda v_0, v_1, W, c: solved(v_0, v_1, W, 0), "c are missing"),
    (check.cd_step, lambda v_0, v_1, W, c: solved(v_0, 0 * v_1, W, c), "samples is missing"),
    (
        check.cd_step,
        lambda v_0, v_1, W, c: (v_0.T @ (v_0 @ W + c) - v_1.T @ (v_1 @ W + c)) / 3,
        "sigmoid is missing",
    ),
    (check.cd_step, lambda *a: solved(*a).T, "transposed"),
    (check.cd_step, lambda *a: 0, "the shape is (), not (2, 1)"),
    (check.cd_step, lambda *a: solved(*a) + 1, "too large"),
    (check.cd_step, lambda v_0, v_1, W, c: v_0 @ v_1, "ValueError"),
    (check.cd_step, 3, "make answer a function"),
    (check.carried_over, (16640, 256, 650), "✓"),
    (check.carried_over, (16384, 512, 650), "c are carried over"),
    (check.carried_over, (16384, 256, 650), "c are not counted"),
    (check.carried_over, (16896, 0, 650), "way down only"),
    (check.carried_over, (16640, 256, 640), "output layer are not counted"),
    (check.carried_over, (16640, 256, 0), "comes from no RBM"),
    (check.carried_over, 16640, "has 3 parts"),
]
