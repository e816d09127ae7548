#!/usr/bin/env python3
"""Light Schroedinger bridge fitting in numpy, one thread, closed-form gradients: the peer to beat.

One step is two small matrix products for the logits and two for the gradient. Points are stored once as
features [x^2, x, 1] (2D + 1 columns, each domain centred, which keeps the expanded squares accurate in
float32), parameters as a (2D + 1, K) matrix [log S; r; a] with a = eps log alpha. Source and target go
through every call together, as a leading axis of length two: at this size a call costs more than its work.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

import numpy as np

import lightsb_common as common


def features(points, centre, dtype):
    D = points.shape[1]
    out = np.empty((len(points), 2 * D + 1), dtype)
    x = points.astype(np.float64) - centre
    out[:, D:2 * D] = x
    out[:, :D] = x * x
    out[:, 2 * D] = 1
    return out


def gradient_function(D, K, B, epsilon, dtype):
    """Returns gradient(p, X, g): p and g are (2D + 1, K), X the features (2, B, 2D + 1) of one minibatch."""
    F = 2 * D + 1
    wide = F > 512  # where the product is bound by memory, the other order and a copy win
    # zero-dimensional arrays: numpy takes a Python float three times more slowly
    one, half, minus_half = (np.array(c, dtype) for c in (1, 0.5, -0.5))
    over_2eps, minus_over_2eps, over_eps = (np.array(c / epsilon, dtype) for c in (0.5, -0.5, 1))
    count = np.array(B, dtype)
    ones = np.ones(D, dtype)  # a product with ones sums faster than a reduction over the first axis
    C = np.empty((2, F, K), dtype)  # logits = X C, up to a constant
    Cx2, Cx1, Cy2, Cy1 = C[0, :D], C[0, D:2 * D], C[1, :D], C[1, D:2 * D]
    Cx0, Cy0 = C[0, 2 * D], C[1, 2 * D]
    M = np.empty((2, F, K), dtype)  # weighted means of the features
    Mx2, Mx1, Mx0 = M[0, :D], M[0, D:2 * D], M[0, 2 * D]
    My2, My1, My0 = M[1, :D], M[1, D:2 * D], M[1, 2 * D]
    logits = np.empty((2, B, K), dtype)
    logits_t = logits.transpose(0, 2, 1)
    W = np.empty((2, K, B), dtype)
    W_t = W.transpose(0, 2, 1)
    MT = np.empty((2, K, F), dtype)
    MT_t = MT.transpose(0, 2, 1)
    fold = np.empty((2, 1, B), dtype)
    S, inverse, t, u = (np.empty((D, K), dtype) for _ in range(4))
    t0 = np.empty(K, dtype)
    add, subtract, multiply, divide = np.add, np.subtract, np.multiply, np.divide
    exp, matmul, dot, copyto = np.exp, np.matmul, np.dot, np.copyto
    total, largest = np.add.reduce, np.maximum.reduce

    def gradient(p, X, g):
        log_s, r, a = p[:D], p[D:2 * D], p[2 * D]
        # coefficients of the logits
        exp(log_s, S)
        divide(one, S, inverse)
        multiply(S, over_2eps, Cx2)
        multiply(r, over_eps, Cx1)
        multiply(a, over_eps, Cx0)
        multiply(inverse, minus_over_2eps, Cy2)
        multiply(Cx1, inverse, Cy1)
        multiply(r, Cy1, t)
        add(t, log_s, t)
        dot(ones, t, t0)
        multiply(t0, minus_half, t0)
        add(t0, Cx0, Cy0)
        # weights: softmax over components, divided by the batch size
        matmul(X, C, logits)
        copyto(W, logits_t)
        largest(W, 1, None, fold, True)
        subtract(W, fold, W)
        exp(W, W)
        total(W, 1, None, fold, True)
        multiply(fold, count, fold)
        divide(W, fold, W)
        # sufficient statistics
        if wide:
            matmul(W, X, MT)
            copyto(M, MT_t)
        else:
            matmul(X.transpose(0, 2, 1), W_t, M)
        # gradients
        g_s, g_r, g_a = g[:D], g[D:2 * D], g[2 * D]
        multiply(r, My0, u)
        subtract(My1, u, u)  # mean q (y - r)
        multiply(u, inverse, t)
        subtract(Mx1, t, t)
        multiply(t, over_eps, g_r)
        add(My1, u, u)
        multiply(u, r, u)
        subtract(My2, u, u)  # mean q (y - r)^2
        multiply(u, Cy2, u)
        multiply(Mx2, Cx2, g_s)
        add(g_s, u, g_s)
        multiply(My0, half, t0)
        add(g_s, t0, g_s)
        subtract(Mx0, My0, t0)
        multiply(t0, over_eps, g_a)
        return g

    return gradient


def start(points, centre, K, initial_scale, rng, dtype):
    """alpha = 1/K, r = random target points, S = initial_scale."""
    D = points.shape[1]
    p = np.empty((2 * D + 1, K), dtype)
    p[:D] = np.log(initial_scale)
    p[D:2 * D] = (points[rng.choice(len(points), K, replace=False)] - centre).T
    p[2 * D] = 0  # a constant in log alpha changes nothing
    return p


def fit(source, target, options, steps, seed):
    dtype = np.float64 if options.float64 else np.float32
    K, B, epsilon, rate = options.components, options.batch, options.epsilon, options.learning_rate
    D = source.shape[1]
    begin = common.clock()
    a, b = source.mean(axis=0, dtype=np.float64), target.mean(axis=0, dtype=np.float64)
    pool = np.concatenate([features(source, a, dtype), features(target, b, dtype)])
    rng = np.random.Generator(np.random.SFC64(seed))
    p = start(target, b, K, options.initial_scale, rng, dtype)
    gradient = gradient_function(D, K, B, epsilon, dtype)
    beta1, beta2, tiny = 0.9, 0.999, 1e-8
    # Adam keeps sum beta^(t-i) g and sum beta^(t-i) g^2; the factors (1 - beta) / (1 - beta^t) enter as scalars
    state = np.zeros((2,) + p.shape, dtype)
    m, v = state
    both = np.empty_like(state)
    g, gg = both
    decay = np.empty_like(state)
    decay[0], decay[1] = beta1, beta2
    offset, factor = np.empty((), dtype), np.empty((), dtype)
    update = np.empty_like(p)
    X = np.empty((2, B, 2 * D + 1), dtype)
    flat = X.reshape(2 * B, -1)
    index = np.empty(2 * B, np.int64)
    first, second = index[:B], index[B:]
    n = len(source)
    add, subtract, multiply, divide, sqrt, take = np.add, np.subtract, np.multiply, np.divide, np.sqrt, pool.take
    power1 = power2 = 1.0
    middle = common.clock()
    for i, j in common.batches(rng, (n, len(target)), B, steps):
        first[:] = i
        add(j, n, second)
        take(index, 0, flat, "clip")
        gradient(p, X, g)
        multiply(g, g, gg)
        multiply(state, decay, state)
        add(state, both, state)
        power1 *= beta1
        power2 *= beta2
        root = ((1 - beta2) / (1 - power2)) ** 0.5
        offset[()] = tiny / root
        factor[()] = rate * (1 - beta1) / ((1 - power1) * root)
        sqrt(v, update)
        add(update, offset, update)
        divide(m, update, update)
        multiply(update, factor, update)
        subtract(p, update, p)
    end = common.clock()
    q = p.astype(np.float64)
    log_alpha, r, S = common.uncentre(q[2 * D] / epsilon, q[D:2 * D].T, np.exp(q[:D].T), epsilon, a, b)
    return log_alpha, r, S, middle - begin, end - middle


if __name__ == "__main__":
    common.main("lightsb-numpy", common.parser(__doc__.split("\n")[0]).parse_args(), fit, {})
