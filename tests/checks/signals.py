import numpy as np

from winit import check

CASES = [
    (check.waking_up, (1, 2, 3), "✓"),
    (check.waking_up, np.array([1, 2, 3]), "✓"),
    (check.waking_up, (0, 0, 0), "not 0 but ln 2"),
    (check.waking_up, (0, 1, 2), "at step 0 already h"),
    (check.waking_up, (1, 1, 1), "after a step"),
    (check.waking_up, (3, 3, 3), "no δ comes down"),
    (check.waking_up, (3, 2, 1), "wake from the top"),
    (check.waking_up, (1, 3, 3), "t = 1: where the W above"),
    (check.waking_up, 3, "has 3 parts"),
    (check.sample_spread, lambda h: h.std(axis=0).mean(), "✓"),
    (check.sample_spread, lambda h: h.std(axis=0, ddof=1).mean(), "✓"),
    (check.sample_spread, lambda h: h.std(), "pools units and samples"),
    (check.sample_spread, lambda h: h.std(axis=1).mean(), "between units"),
    (check.sample_spread, lambda h: h.var(axis=0).mean(), "that is the variance"),
    (check.sample_spread, lambda h: h.var(axis=0).mean() ** 0.5, "averages variances"),
    (check.sample_spread, lambda h: h.mean(axis=0).std(), "averaging the samples away"),
    (check.sample_spread, lambda h: h.std(axis=0), "one value per unit"),
    (check.sample_spread, lambda h: 2 * h.std(axis=0).mean(), "too large"),
    (check.sample_spread, lambda h: None, "a finite number"),
    (check.sample_spread, lambda h: h.nothing, "AttributeError"),
    (check.sample_spread, 0.5, "make answer a function"),
    (check.critical_width, 103, "✓"),
    (check.critical_width, 103.0076, "✓"),
    (check.critical_width, 10.15, "that is σ_w"),
    (check.critical_width, 16, "only at z = 0"),
    (check.critical_width, 113, "strong saturation"),
    (check.critical_width, 206, "2 times"),
    (check.critical_width, "wide", "a finite number"),
]
