package org.pontoon.validation;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** The few pieces of dense linear algebra that the closed forms need, over EJML. Arguments are not changed. */
final class Matrices {

    private Matrices() {
    }

    /** A copy of a row-major matrix. */
    static DMatrixRMaj of(double[] rows, int rowCount, int columnCount) {
        DMatrixRMaj m = new DMatrixRMaj(rowCount, columnCount);
        System.arraycopy(rows, 0, m.data, 0, rowCount * columnCount);
        return m;
    }

    static DMatrixRMaj column(double[] values) {
        return of(values, values.length, 1);
    }

    static double[] rows(DMatrixRMaj m) {
        return Arrays.copyOf(m.data, m.getNumElements());
    }

    static DMatrixRMaj multiply(DMatrixRMaj a, DMatrixRMaj b) {
        DMatrixRMaj c = new DMatrixRMaj(a.numRows, b.numCols);
        CommonOps_DDRM.mult(a, b, c);
        return c;
    }

    static DMatrixRMaj multiplyTransposed(DMatrixRMaj a, DMatrixRMaj b) {
        DMatrixRMaj c = new DMatrixRMaj(a.numRows, b.numRows);
        CommonOps_DDRM.multTransB(a, b, c);
        return c;
    }

    static double[] multiply(DMatrixRMaj a, double[] x) {
        double[] y = new double[a.numRows];
        for (int i = 0; i < a.numRows; i++) {
            for (int j = 0; j < a.numCols; j++) {
                y[i] += a.get(i, j) * x[j];
            }
        }
        return y;
    }

    static DMatrixRMaj transpose(DMatrixRMaj a) {
        DMatrixRMaj c = new DMatrixRMaj(a.numCols, a.numRows);
        CommonOps_DDRM.transpose(a, c);
        return c;
    }

    /** {@code p a + q b}. */
    static DMatrixRMaj combine(double p, DMatrixRMaj a, double q, DMatrixRMaj b) {
        DMatrixRMaj c = new DMatrixRMaj(a.numRows, a.numCols);
        CommonOps_DDRM.add(p, a, q, b, c);
        return c;
    }

    static DMatrixRMaj identity(int n) {
        return CommonOps_DDRM.identity(n);
    }

    static double trace(DMatrixRMaj a) {
        return CommonOps_DDRM.trace(a);
    }

    /** Lower Cholesky factor, or null where the matrix is not numerically positive definite. */
    static DMatrixRMaj cholesky(DMatrixRMaj a) {
        CholeskyDecomposition_F64<DMatrixRMaj> c = DecompositionFactory_DDRM.chol(a.numRows, true);
        return c.decompose(a.copy()) ? c.getT(null) : null;
    }

    static double logDeterminant(DMatrixRMaj a) {
        DMatrixRMaj l = cholesky(a);
        if (l == null) {
            throw new IllegalArgumentException("matrix is not positive definite");
        }
        double sum = 0;
        for (int i = 0; i < a.numRows; i++) {
            sum += 2 * Math.log(l.get(i, i));
        }
        return sum;
    }

    static DMatrixRMaj inverse(DMatrixRMaj a) {
        DMatrixRMaj c = new DMatrixRMaj(a.numRows, a.numCols);
        if (!CommonOps_DDRM.invert(a, c)) {
            throw new IllegalArgumentException("matrix is singular");
        }
        return c;
    }

    /** Eigenvalues of a symmetric matrix, in no order. */
    static double[] eigenvalues(DMatrixRMaj a) {
        EigenDecomposition_F64<DMatrixRMaj> e = DecompositionFactory_DDRM.eig(a.numRows, false, true);
        if (!e.decompose(a.copy())) {
            throw new IllegalArgumentException("the eigenvalues of a matrix did not converge");
        }
        double[] values = new double[a.numRows];
        for (int i = 0; i < values.length; i++) {
            values[i] = e.getEigenvalue(i).real;
        }
        return values;
    }

    /** The function of a symmetric matrix that applies f to its eigenvalues. */
    static DMatrixRMaj spectral(DMatrixRMaj a, DoubleUnaryOperator f) {
        int n = a.numRows;
        EigenDecomposition_F64<DMatrixRMaj> e = DecompositionFactory_DDRM.eig(n, true, true);
        if (!e.decompose(a.copy())) {
            throw new IllegalArgumentException("the eigenvalues of a matrix did not converge");
        }
        DMatrixRMaj result = new DMatrixRMaj(n, n);
        for (int k = 0; k < n; k++) {
            double value = f.applyAsDouble(e.getEigenvalue(k).real);
            DMatrixRMaj q = e.getEigenVector(k);
            for (int i = 0; i < n; i++) {
                double u = value * q.get(i);
                for (int j = 0; j < n; j++) {
                    result.add(i, j, u * q.get(j));
                }
            }
        }
        return result;
    }

    /** A covariance given by its user: checked for shape, symmetry and definiteness. */
    static DMatrixRMaj covariance(double[] rows, int dimension, String name) {
        if (rows.length != dimension * dimension) {
            throw new IllegalArgumentException(name + " has " + rows.length + " values, expected " + dimension + " x " + dimension);
        }
        DMatrixRMaj m = of(rows, dimension, dimension);
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j <= i; j++) {
                double a = m.get(i, j);
                double b = m.get(j, i);
                if (!Double.isFinite(a) || Math.abs(a - b) > 1e-9 * (Math.abs(a) + Math.abs(b))) {
                    throw new IllegalArgumentException(name + " holds " + a + " and " + b + " at (" + i + ", " + j
                        + ") and its mirror image, expected a finite symmetric matrix");
                }
            }
        }
        if (cholesky(m) == null) {
            throw new IllegalArgumentException(name + " is not positive definite");
        }
        return m;
    }
}
