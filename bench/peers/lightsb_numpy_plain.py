#!/usr/bin/env python3
"""Light Schroedinger bridge fitting in numpy as a researcher would write it: float64, closed-form gradients, no tricks.

The formulas one by one as matrix products, fresh arrays in every line, a minibatch per step from Generator.choice
without replacement. One thread. lightsb_numpy.py is the same fit after every trick we know.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

import numpy as np

import lightsb_common as common


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def gradients(x, y, a, r, log_S, epsilon):
    """dL/da, dL/dr, dL/dlog S of L = mean log c(x) - mean log v(y), with a = epsilon log alpha."""
    S = np.exp(log_S)
    # log c: responsibilities of the conditional plans
    w = softmax((2 * a + (x * x) @ S.T + 2 * x @ r.T) / (2 * epsilon)) / len(x)
    a_c = w.sum(axis=0) / epsilon
    r_c = w.T @ x / epsilon
    S_c = S * (w.T @ (x * x)) / (2 * epsilon)
    # log v: responsibilities of the mixture; |y - r|^2 expanded, so that no (B, K, D) array is formed
    square = (y * y) @ (1 / S).T - 2 * y @ (r / S).T + (r * r / S).sum(axis=1)
    q = softmax(a / epsilon - 0.5 * (square / epsilon + log_S.sum(axis=1))) / len(y)
    q_0, q_1, q_2 = q.sum(axis=0)[:, None], q.T @ y, q.T @ (y * y)
    a_v = q_0[:, 0] / epsilon
    r_v = (q_1 - q_0 * r) / (epsilon * S)
    S_v = 0.5 * ((q_2 - 2 * r * q_1 + q_0 * r * r) / (epsilon * S) - q_0)
    return a_c - a_v, r_c - r_v, S_c - S_v


class Adam:
    def __init__(self, shape, rate, beta1=0.9, beta2=0.999, tiny=1e-8):
        self.rate, self.beta1, self.beta2, self.tiny = rate, beta1, beta2, tiny
        self.m, self.v, self.t = np.zeros(shape), np.zeros(shape), 0

    def step(self, parameter, gradient):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * gradient
        self.v = self.beta2 * self.v + (1 - self.beta2) * gradient**2
        m = self.m / (1 - self.beta1**self.t)
        v = self.v / (1 - self.beta2**self.t)
        return parameter - self.rate * m / (np.sqrt(v) + self.tiny)


def fit(source, target, options, steps, seed):
    K, B, epsilon = options.components, options.batch, options.epsilon
    for size in (len(source), len(target)):
        if not 1 <= B <= size:
            raise ValueError(f"a batch of {B} cannot be drawn from {size} points")
    begin = common.clock()
    X, Y = source.astype(np.float64), target.astype(np.float64)
    rng = np.random.default_rng(seed)
    a = epsilon * np.log(np.full(K, 1 / K))
    r = Y[rng.choice(len(Y), K, replace=False)]
    log_S = np.log(np.full(r.shape, options.initial_scale))
    optimisers = [Adam(p.shape, options.learning_rate) for p in (a, r, log_S)]
    choice = np.random.RandomState(seed).choice if options.draws == "legacy" else rng.choice
    middle = common.clock()
    for _ in range(steps):
        x = X[choice(len(X), B, replace=False)]
        y = Y[choice(len(Y), B, replace=False)]
        g = gradients(x, y, a, r, log_S, epsilon)
        a, r, log_S = (o.step(p, d) for o, p, d in zip(optimisers, (a, r, log_S), g))
    end = common.clock()
    return a / epsilon, r, np.exp(log_S), middle - begin, end - middle


if __name__ == "__main__":
    parser = common.parser(__doc__.split("\n")[0])
    parser.add_argument("--draws", choices=("generator", "legacy"), default="generator",
                        help="Generator.choice, or the choice of numpy.random, which permutes the whole cloud for each batch")
    parser.set_defaults(float64=True)
    options = parser.parse_args()
    common.main("lightsb-numpy-plain" + ("-legacy-draws" if options.draws == "legacy" else ""), options, fit, {})
