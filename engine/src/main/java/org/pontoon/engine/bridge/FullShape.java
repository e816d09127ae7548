package org.pontoon.engine.bridge;

import java.util.Arrays;

/**
 * One component's full matrix S = L L' during training, in float64: coefficients and gradients of the two quadratic forms. Products run
 * row by row over contiguous memory, which C2 vectorizes by itself.
 *
 * <p>A shape row holds, row by row, u_ij for j &lt; i and then log l_i, of L = diag(l) U with U of unit diagonal: one learning rate then
 * suits every scale of S, as it does for the official code's eigenvalues and rotations.
 */
final class FullShape {

    private final int n;
    private final double[] l;
    private final double[] inverseL;
    private final double[] s;
    private final double[] precision;
    private final double[] a;
    private final double[] b;
    private final double[] vector;

    FullShape(int n) {
        this.n = n;
        this.l = new double[n * n];
        this.inverseL = new double[n * n];
        this.s = new double[n * n];
        this.precision = new double[n * n];
        this.a = new double[n * n];
        this.b = new double[n * n];
        this.vector = new double[n];
    }

    /** Writes both sides' coefficients; returns log det S + r' S^-1 r / epsilon. */
    double coefficients(float[] location, int r, float[] shape, int at, double epsilon, float[] source, float[] target, int to) {
        double logDeterminant = 0;
        for (int i = 0, p = at; i < n; i++) {
            logDeterminant += 2 * shape[p + i];
            p = readRow(i, shape, p);
        }
        multiplyByTranspose(l, s);
        invertLower();
        transposedSquare(inverseL, precision);
        double form = 0;
        int f = to + n;
        for (int i = 0; i < n; i++) {
            double ri = location[r + i];
            double pr = 0;
            for (int j = 0; j < n; j++) {
                pr += precision[i * n + j] * location[r + j];
            }
            form += ri * pr;
            source[to + i] = (float) (ri / epsilon);
            target[to + i] = (float) (pr / epsilon);
            double half = 0.5 / epsilon;
            for (int j = i; j < n; j++, f++) {
                double twice = j == i ? half : 2 * half;
                source[f] = (float) (twice * s[i * n + j]);
                target[f] = (float) (-twice * precision[i * n + j]);
            }
        }
        return logDeterminant + form / epsilon;
    }

    /** Turns sums of w x, w x x' and q y, q y y' into dL/dr and dL/d(shape row). */
    void gradients(float[] source, float[] target, int from, float weight, float[] location, int r, double epsilon, float[] byLocation,
            float[] byShape, int at) {
        // a = sum q (y - r)(y - r)'
        int f = from + n;
        for (int i = 0; i < n; i++) {
            double ri = location[r + i];
            double yi = target[from + i];
            for (int j = i; j < n; j++, f++) {
                double rj = location[r + j];
                double value = target[f] - ri * target[from + j] - yi * rj + weight * ri * rj;
                a[i * n + j] = value;
                a[j * n + i] = value;
            }
            vector[i] = yi - weight * ri;
        }
        for (int i = 0; i < n; i++) {
            double u = 0;
            for (int j = 0; j < n; j++) {
                u += precision[i * n + j] * vector[j];
            }
            byLocation[r + i] = (float) ((source[from + i] - u) / epsilon);
        }
        // a = sum q u u' with u = S^-1 (y - r)
        multiply(precision, a, b);
        multiply(b, precision, a);
        f = from + n;
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++, f++) {
                double g = 0.5 * ((source[f] - 0.5 * (a[i * n + j] + a[j * n + i])) / epsilon + weight * precision[i * n + j]);
                b[i * n + j] = g;
                b[j * n + i] = g;
            }
        }
        multiply(b, l, a);
        for (int i = 0, p = at; i < n; i++) {
            double scale = 2 * l[i * n + i];
            double byLogScale = 0;
            for (int j = 0; j < i; j++) {
                byShape[p++] = (float) (scale * a[i * n + j]);
                byLogScale += 2 * a[i * n + j] * l[i * n + j];
            }
            byShape[p++] = (float) (byLogScale + scale * a[i * n + i]);
        }
    }

    /** Reads row i of L; returns where the next one begins. */
    private int readRow(int i, float[] shape, int p) {
        double scale = StrictMath.exp(shape[p + i]);
        for (int j = 0; j < i; j++) {
            l[i * n + j] = scale * shape[p + j];
        }
        l[i * n + i] = scale;
        return p + i + 1;
    }

    private void invertLower() {
        Arrays.fill(inverseL, 0);
        for (int i = 0; i < n; i++) {
            int row = i * n;
            for (int k = 0; k < i; k++) {
                double factor = -l[row + k];
                int other = k * n;
                for (int j = 0; j <= k; j++) {
                    inverseL[row + j] += factor * inverseL[other + j];
                }
            }
            double scale = 1 / l[row + i];
            for (int j = 0; j < i; j++) {
                inverseL[row + j] *= scale;
            }
            inverseL[row + i] = scale;
        }
    }

    private void multiplyByTranspose(double[] lower, double[] out) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k <= j; k++) {
                    sum += lower[i * n + k] * lower[j * n + k];
                }
                out[i * n + j] = sum;
                out[j * n + i] = sum;
            }
        }
    }

    /** out = lower' lower. */
    private void transposedSquare(double[] lower, double[] out) {
        Arrays.fill(out, 0);
        for (int k = 0; k < n; k++) {
            int row = k * n;
            for (int i = 0; i <= k; i++) {
                double factor = lower[row + i];
                int to = i * n;
                for (int j = 0; j <= k; j++) {
                    out[to + j] += factor * lower[row + j];
                }
            }
        }
    }

    private void multiply(double[] x, double[] y, double[] out) {
        Arrays.fill(out, 0);
        for (int i = 0; i < n; i++) {
            int to = i * n;
            for (int k = 0; k < n; k++) {
                double factor = x[to + k];
                int row = k * n;
                for (int j = 0; j < n; j++) {
                    out[to + j] += factor * y[row + j];
                }
            }
        }
    }

    /** Writes the shape row of a symmetric positive definite matrix. */
    static void store(double[] matrix, int n, float[] shape, int at) {
        double[] factor = new double[n * n];
        for (int i = 0, p = at; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i * n + j];
                for (int k = 0; k < j; k++) {
                    sum -= factor[i * n + k] * factor[j * n + k];
                }
                if (i == j) {
                    if (!(sum > 0)) {
                        throw new IllegalArgumentException("matrix is not positive definite: pivot " + i + " is " + sum);
                    }
                    factor[i * n + i] = Math.sqrt(sum);
                } else {
                    factor[i * n + j] = sum / factor[j * n + j];
                }
            }
            for (int j = 0; j < i; j++) {
                shape[p++] = (float) (factor[i * n + j] / factor[i * n + i]);
            }
            shape[p++] = (float) StrictMath.log(factor[i * n + i]);
        }
    }

    /** Writes S of a shape row. */
    static void load(float[] shape, int at, int n, double[] matrix, int to) {
        FullShape f = new FullShape(n);
        for (int i = 0, p = at; i < n; i++) {
            p = f.readRow(i, shape, p);
        }
        f.multiplyByTranspose(f.l, f.s);
        System.arraycopy(f.s, 0, matrix, to, n * n);
    }
}
