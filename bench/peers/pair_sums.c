/*
 * Sums over all pairs of two clouds with AVX-512 intrinsics, one thread: what the engine's pair kernels are measured against. The same
 * polynomial, the same algorithm and float32 accumulation within a tile; dimension, rows and columns of each loop are compile-time
 * constants, and coordinates are scaled once.
 *
 *     gcc -O3 -march=native -o ../target/pair_sums pair_sums.c -lm
 *
 * Reads lines "KERNEL D N" (gaussian or gaussian-product, its distances by products, with D 3, 10 or 50;
 * logsumexp with D 3; N a multiple of 512), and answers each with
 * "nanoseconds-per-pair sum-of-results". Coordinates come from a linear congruential generator, so that the caller can make the same.
 */
#include <float.h>
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TILE 512
#define INLINE static inline __attribute__((always_inline))

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * t.tv_sec + t.tv_nsec;
}

/* 2^-e: rounding and scaling by the instructions that AVX-512 has for it. */
INLINE __m512 power(__m512 e) {
    __m512 n = _mm512_roundscale_ps(e, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m512 r = _mm512_sub_ps(n, e);
    __m512 p = _mm512_fmadd_ps(r, _mm512_set1_ps(0.0013264727f), _mm512_set1_ps(0.009671513f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.055507336f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.24022242f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.693147f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f));
    return _mm512_scalef_ps(p, _mm512_sub_ps(_mm512_setzero_ps(), n));
}

/* Squared distances of R rows to C vectors of points, by direct differences. */
#define SQUARES(D, R, C)                                                                              \
    __m512 q[R][C];                                                                                   \
    for (int r = 0; r < R; r++) for (int c = 0; c < C; c++) q[r][c] = _mm512_setzero_ps();            \
    for (int d = 0; d < D; d++) {                                                                     \
        __m512 y_[C];                                                                                 \
        for (int c = 0; c < C; c++) y_[c] = _mm512_load_ps(tile + j * D + (d * C + c) * 16);             \
        for (int r = 0; r < R; r++) {                                                                 \
            __m512 x_ = _mm512_set1_ps(x[(i + r) * D + d]);                                           \
            for (int c = 0; c < C; c++) {                                                             \
                __m512 u = _mm512_sub_ps(y_[c], x_);                                                  \
                q[r][c] = _mm512_fmadd_ps(u, u, q[r][c]);                                             \
            }                                                                                         \
        }                                                                                             \
    }

/* The same as |x|^2 + |y|^2 - 2 <x, y>; x holds -2 x. */
#define PRODUCTS(D, R, C)                                                                             \
    __m512 q[R][C];                                                                                   \
    for (int r = 0; r < R; r++) for (int c = 0; c < C; c++)                                           \
        q[r][c] = _mm512_add_ps(_mm512_set1_ps(xx[i + r]), _mm512_load_ps(yy + j + 16 * c));          \
    for (int d = 0; d < D; d++) {                                                                     \
        __m512 y_[C];                                                                                 \
        for (int c = 0; c < C; c++) y_[c] = _mm512_load_ps(tile + j * D + (d * C + c) * 16);             \
        for (int r = 0; r < R; r++) {                                                                 \
            __m512 x_ = _mm512_set1_ps(x[(i + r) * D + d]);                                           \
            for (int c = 0; c < C; c++) q[r][c] = _mm512_fmadd_ps(x_, y_[c], q[r][c]);                \
        }                                                                                             \
    }

#define GAUSSIAN(NAME, FORM, D, R, C)                                                                 \
    static void NAME(const float *x, const float *xx, const float *tile, const float *yy, const float *w, int n, double *sums) { \
        (void) xx;                                                                                    \
        (void) yy;                                                                                    \
        for (int i = 0; i < n; i += R) {                                                              \
            __m512 s[R];                                                                              \
            for (int r = 0; r < R; r++) s[r] = _mm512_setzero_ps();                                   \
            for (int j = 0; j < TILE; j += 16 * C) {                                                  \
                FORM(D, R, C)                                                                         \
                for (int c = 0; c < C; c++) {                                                         \
                    __m512 v = _mm512_load_ps(w + j + 16 * c);                                        \
                    for (int r = 0; r < R; r++) s[r] = _mm512_fmadd_ps(v, power(q[r][c]), s[r]);      \
                }                                                                                     \
            }                                                                                         \
            for (int r = 0; r < R; r++) sums[i + r] += _mm512_reduce_add_ps(s[r]);                    \
        }                                                                                             \
    }

GAUSSIAN(gaussian3, SQUARES, 3, 4, 1)
GAUSSIAN(gaussian10, SQUARES, 10, 4, 4)
GAUSSIAN(gaussian50, SQUARES, 50, 4, 4)
GAUSSIAN(product3, PRODUCTS, 3, 4, 1)
GAUSSIAN(product10, PRODUCTS, 10, 4, 4)
GAUSSIAN(product50, PRODUCTS, 50, 4, 4)

/* Streaming log-sum-exp in base 2: a row keeps its reference until a tile lies more than 60 below it. */
static void logsumexp3(const float *x, const float *tile, const float *b, int n, float *reference, double *sums) {
    enum { R = 4 };
    for (int i = 0; i < n; i += R) {
        for (int again = 0; again < 2; again++) {
            __m512 s[R], least[R], m[R];
            int first = 0;
            for (int r = 0; r < R; r++) {
                s[r] = _mm512_setzero_ps();
                least[r] = _mm512_set1_ps(FLT_MAX);
                first |= reference[i + r] == FLT_MAX;
                m[r] = _mm512_set1_ps(reference[i + r]);
            }
            for (int j = 0; j < TILE; j += 16) {
                SQUARES(3, R, 1)
                __m512 v = _mm512_load_ps(b + j);
                for (int r = 0; r < R; r++) {
                    __m512 e = _mm512_add_ps(q[r][0], v);
                    least[r] = _mm512_min_ps(least[r], e);
                    if (!first) s[r] = _mm512_add_ps(s[r], power(_mm512_sub_ps(e, m[r])));
                }
            }
            int low = 0;
            for (int r = 0; r < R; r++) low |= _mm512_reduce_min_ps(least[r]) < reference[i + r] - 60;
            if (!low) {
                for (int r = 0; r < R; r++) sums[i + r] += _mm512_reduce_add_ps(s[r]);
                break;
            }
            for (int r = 0; r < R; r++) {
                float whole = floorf(_mm512_reduce_min_ps(least[r]));
                if (whole < reference[i + r]) {
                    sums[i + r] = reference[i + r] == FLT_MAX ? 0 : ldexp(sums[i + r], (int) (whole - reference[i + r]));
                    reference[i + r] = whole;
                }
            }
        }
    }
}

static uint32_t state;

static float uniform(void) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) * 0x1p-24f;
}

static float *floats(size_t n) {
    return aligned_alloc(64, (4 * n + 63) / 64 * 64);
}

/* Points lie in panels of 16 C, coordinate-major within a panel. */
static size_t at(int j, int k, int d) {
    int panel = d == 3 ? 16 : 64;
    return ((size_t) (j / panel) * d + k) * panel + j % panel;
}

static double sweep(const char *kernel, int d, int n, double *total) {
    int product = !strcmp(kernel, "gaussian-product");
    int lse = !strcmp(kernel, "logsumexp");
    float *x = floats((size_t) n * d), *y = floats((size_t) n * d), *w = floats(n), *xx = floats(n), *yy = floats(n), *reference = floats(n);
    double *sums = calloc(n, sizeof(double));
    state = 1;
    float scale = sqrtf(1.44269504f / 2 / (lse ? 0.05f : 0.25f * d));
    for (int i = 0; i < n; i++) for (int k = 0; k < d; k++) x[i * d + k] = scale * (uniform() - 0.5f);
    for (int j = 0; j < n; j++) for (int k = 0; k < d; k++) y[at(j, k, d)] = scale * (uniform() - 0.5f);
    for (int j = 0; j < n; j++) w[j] = uniform();
    for (int i = 0; i < n; i++) {
        reference[i] = FLT_MAX;
        xx[i] = yy[i] = 0;
        for (int k = 0; k < d; k++) {
            xx[i] += x[i * d + k] * x[i * d + k];
            yy[i] += y[at(i, k, d)] * y[at(i, k, d)];
        }
    }
    for (int i = 0; product && i < n * d; i++) x[i] *= -2;
    double start = now();
    for (int j = 0; j < n; j += TILE) {
        const float *tile = y + (size_t) j * d;
        if (lse) logsumexp3(x, tile, w + j, n, reference, sums);
        else if (product) (d == 3 ? product3 : d == 10 ? product10 : product50)(x, xx, tile, yy + j, w + j, n, sums);
        else (d == 3 ? gaussian3 : d == 10 ? gaussian10 : gaussian50)(x, xx, tile, yy + j, w + j, n, sums);
    }
    if (lse) for (int i = 0; i < n; i++) sums[i] = (log2(sums[i]) - reference[i]) * 0.69314718055994531;
    double time = (now() - start) / n / n;
    *total = 0;
    for (int i = 0; i < n; i++) *total += sums[i];
    free(x); free(y); free(w); free(xx); free(yy); free(reference); free(sums);
    return time;
}

int main(void) {
    char kernel[32];
    int d, n;
    while (scanf("%31s %d %d", kernel, &d, &n) == 3) {
        int known = !strcmp(kernel, "logsumexp") ? d == 3
            : (!strcmp(kernel, "gaussian") || !strcmp(kernel, "gaussian-product")) && (d == 3 || d == 10 || d == 50);
        if (!known || n <= 0 || n % TILE != 0) {
            printf("error: %s %d %d\n", kernel, d, n);
        } else {
            double total;
            double time = sweep(kernel, d, n, &total);
            printf("%.5f %.9g\n", time, total);
        }
        fflush(stdout);
    }
    return 0;
}
