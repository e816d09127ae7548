package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.CholeskyFactor;

/**
 * Newton's method for a problem over active pairs, balanced or not: it ascends the dual in one side's potential, the other one following it
 * by its own update (Brauer, Clason, Lorenz and Wirth 2017, "A Sinkhorn-Newton method for entropic optimal transport"). Where Sinkhorn's
 * iteration has many slow modes, as clusters that hardly exchange mass and plans close to a permutation have, it takes ten steps.
 *
 * <p>The Hessian is minus the Laplacian of the graph that the plan is, and what the reaches add to its diagonal. It is factorised where the
 * side has at most {@value #FACTORISED} points, else its system is solved by
 * conjugate gradients under {@link LaplacianFactor}. The dual is concave and every step is
 * shortened until it rises, so that no start is too far away; but a step goes hardly further than a few epsilon, so a distant one is
 * slow. Not thread-safe.
 */
final class SemiDualNewton {

    /** Points of a side for which the Hessian is factorised. */
    static final int FACTORISED = 1024;
    private static final int MOST_GRADIENTS = 400;
    /** Relative residual of a system solved: less where the error is large, so that convergence is faster than linear. */
    private static final double FORCING = 0.1;
    /** Of the rise that the slope promises, a step must bring this share. */
    private static final double RISE = 1e-4;
    private static final int SHORTENINGS = 60;
    /** Beyond so many epsilon the exponentials leave nothing of the model, and steps are shortened by more. */
    private static final double FAR = 20;
    /** Added to the diagonal, relatively: clusters that exchange nothing must not make the system singular. */
    private static final double RIDGE = 1e-12;
    /** Of an exponent of the plan: what it may be off by, relatively. */
    private static final double ROUNDING = 1e-15;

    private final ActivePairs pairs;
    private final Marginal x;
    private final Marginal y;
    private final double epsilon;
    private final double longest;
    private final double[] direction;
    private final double[] alpha;
    private final double[] beta;
    private final double[] asked;
    private final double[] rowSums;
    private final double[] columnSums;
    private final double[] diagonal;
    private final double[] residual;
    private final double[] search;
    private final double[] product;
    private final double[] columns;
    private final double[] tried;
    private final double[] triedOther;
    private int gradients;

    /**
     * Prepares to ascend in the potential of the rows.
     *
     * @param pairs the plan's
     * @param x side of the rows
     * @param y side of the columns
     * @param epsilon of the plan
     * @param longest most that a potential may change in a step
     */
    SemiDualNewton(ActivePairs pairs, Marginal x, Marginal y, double epsilon, double longest) {
        this.pairs = pairs;
        this.x = x;
        this.y = y;
        this.epsilon = epsilon;
        this.longest = longest;
        int n = x.weights().length;
        int m = y.weights().length;
        this.direction = new double[n];
        this.alpha = new double[n];
        this.beta = new double[m];
        this.asked = new double[n];
        this.rowSums = new double[n];
        this.columnSums = new double[m];
        this.diagonal = new double[n];
        this.residual = new double[n];
        this.search = new double[n];
        this.product = new double[n];
        this.columns = new double[m];
        this.tried = new double[n];
        this.triedOther = new double[m];
    }

    /** Conjugate gradients so far: two products with the plan each. */
    int gradients() {
        return gradients;
    }

    /** How many iterations over the same pairs a step costs, about. */
    double cost() {
        double n = x.weights().length;
        return n > FACTORISED ? 150 : 3 + n * n * n / 3 / 30 / Math.max(1, pairs.size());
    }

    /**
     * Replaces a potential by the next one.
     *
     * @param f potential of the rows
     * @param g the columns' update of it; afterwards that of the new one
     * @param most conjugate gradients that may be left
     * @return whether the dual has risen; if not, nothing has changed, and Newton's method has done what it can
     */
    boolean step(double[] f, double[] g, int most) {
        int n = f.length;
        for (int i = 0; i < n; i++) {
            alpha[i] = x.logWeights()[i] + f[i] / epsilon;
            asked[i] = x.weights()[i] * x.density(f[i]);
        }
        for (int j = 0; j < g.length; j++) {
            beta[j] = y.logWeights()[j] + g[j] / epsilon;
        }
        pairs.plan(alpha, beta, rowSums, columnSums);
        double stiffness = epsilon / x.rho();
        double ridge = RIDGE;
        for (double exponent : alpha) {
            ridge = exponent > Double.NEGATIVE_INFINITY ? Math.max(ridge, ROUNDING * Math.abs(exponent)) : ridge;
        }
        double largest = 0;
        for (int i = 0; i < n; i++) {
            diagonal[i] = rowSums[i] + stiffness * asked[i];
            residual[i] = rowSums[i] > 0 ? asked[i] - rowSums[i] : 0;
            largest = Math.max(largest, diagonal[i]);
        }
        if (!(largest > 0 && largest < Double.POSITIVE_INFINITY)) {
            return false;
        }
        // a row that the plan has all but left keeps a diagonal that can be divided by, and what nothing but rounding holds to the rest,
        // points or clusters, gets a direction all the same
        for (int i = 0; i < n; i++) {
            diagonal[i] = Math.max(diagonal[i], 1e-200 * largest) * (1 + ridge);
        }
        boolean singular = x.hard() && y.hard();
        if (singular) {
            // what the rows lack in all is rounding, and along constants there is nothing to stop a step
            subtractMean(residual, rowSums);
        }
        double[] slope = residual.clone();
        if (n > FACTORISED || !factorised(slope, singular)) {
            conjugated(preconditioner(stiffness, ridge), Math.min(most, MOST_GRADIENTS));
        }
        if (singular) {
            double mean = dot(rowSums, direction) / sum(rowSums);
            for (int i = 0; i < n; i++) {
                direction[i] -= mean;
            }
        }
        // a cluster that goes far must not hold up the others
        double limit = longest / epsilon;
        double length = 0;
        for (int i = 0; i < n; i++) {
            direction[i] = Math.clamp(direction[i], -limit, limit);
            length = Math.max(length, Math.abs(direction[i]));
        }
        double rise = dot(slope, direction);
        if (!(rise > 0) || !(length < Double.POSITIVE_INFINITY)) {
            return false;
        }
        return ascend(f, g, rise * epsilon, length * epsilon);
    }

    private boolean ascend(double[] f, double[] g, double rise, double length) {
        double before = dual(f, g);
        double noise = 1e-15 * (magnitude(x, f) + magnitude(y, g) + epsilon);
        double share = 1;
        for (int k = 0; k < SHORTENINGS; k++) {
            for (int i = 0; i < f.length; i++) {
                tried[i] = f[i] + share * epsilon * direction[i];
            }
            System.arraycopy(g, 0, triedOther, 0, g.length);
            update(tried, triedOther);
            double change = dual(tried, triedOther) - before;
            if (change >= RISE * share * rise && change > noise || Math.abs(change) <= noise && slope() * epsilon >= -rise / 2) {
                System.arraycopy(tried, 0, f, 0, f.length);
                System.arraycopy(triedOther, 0, g, 0, g.length);
                return true;
            }
            share *= share * length > FAR * epsilon ? 0.25 : 0.5;
        }
        return false;
    }

    /** The slope along the direction where it was tried: it tells what a difference of duals, lost in rounding, cannot. */
    private double slope() {
        for (int j = 0; j < triedOther.length; j++) {
            beta[j] = y.logWeights()[j] + triedOther[j] / epsilon;
        }
        pairs.rows(beta, product);
        double sum = 0;
        for (int i = 0; i < tried.length; i++) {
            if (rowSums[i] > 0) {
                sum += direction[i] * x.weights()[i] * (x.density(tried[i]) - Math.exp((tried[i] - product[i]) / epsilon));
            }
        }
        return sum;
    }

    /** The columns' update. */
    private void update(double[] f, double[] g) {
        for (int i = 0; i < f.length; i++) {
            alpha[i] = x.logWeights()[i] + f[i] / epsilon;
        }
        pairs.columns(alpha, g);
        double damping = y.damping(epsilon);
        for (int j = 0; j < g.length; j++) {
            g[j] *= damping;
        }
    }

    /** The dual objective at a potential and its update, up to a constant. */
    private double dual(double[] f, double[] g) {
        return x.dual(f) + y.dual(g) - epsilon * y.excess(g);
    }

    private static double magnitude(Marginal side, double[] potential) {
        double sum = 0;
        for (int i = 0; i < potential.length; i++) {
            sum += side.weights()[i] * Math.abs(potential[i]);
        }
        return sum;
    }

    /** Solves the system by Cholesky's factor, scaled to a diagonal of ones, into the direction. */
    private boolean factorised(double[] right, boolean singular) {
        int n = right.length;
        double[] scale = new double[n];
        for (int i = 0; i < n; i++) {
            scale[i] = 1 / Math.sqrt(diagonal[i]);
        }
        for (int j = 0; j < columns.length; j++) {
            columns[j] = columnSums[j] > 0 ? Math.sqrt(y.damping(epsilon) / columnSums[j]) : 0;
        }
        double[][] matrix = pairs.laplacian(scale, columns);
        double norm = 0;
        for (int i = 0; i < n; i++) {
            norm += diagonal[i];
        }
        for (int i = 0; i < n; i++) {
            // constants change nothing between hard marginals: the system is completed by the one that asks for none
            for (int k = i; k < n && singular; k++) {
                matrix[i][k] += 1 / (scale[i] * scale[k] * norm);
            }
        }
        if (!CholeskyFactor.factorise(matrix)) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            direction[i] = right[i] * scale[i];
        }
        CholeskyFactor.solve(matrix, direction);
        for (int i = 0; i < n; i++) {
            direction[i] *= scale[i];
        }
        return true;
    }

    private LaplacianFactor preconditioner(double stiffness, double ridge) {
        double[] rowGround = new double[asked.length];
        double[] columnGround = new double[columnSums.length];
        for (int i = 0; i < rowGround.length; i++) {
            rowGround[i] = stiffness * asked[i] + ridge * diagonal[i];
        }
        for (int j = 0; j < columnGround.length; j++) {
            columnGround[j] = epsilon / y.rho() * columnSums[j];
        }
        return pairs.factor(rowGround, columnGround);
    }

    /** Solves {@code (diag(P 1 + stiffness) - damping P diag(1 / P' 1) P') direction = residual} for the plan P of (f, g). */
    private void conjugated(LaplacianFactor factor, int limit) {
        int n = direction.length;
        double[] conditioned = new double[n];
        Arrays.fill(direction, 0);
        factor.solve(residual, conditioned);
        System.arraycopy(conditioned, 0, search, 0, n);
        double square = dot(residual, conditioned);
        double sum = 0;
        for (double r : residual) {
            sum += Math.abs(r);
        }
        double damping = y.damping(epsilon);
        double enough = square * FORCING * FORCING * Math.min(1, sum / x.mass());
        for (int k = 0; k < limit && square > enough; k++) {
            pairs.multiplyTransposed(search, columns);
            for (int j = 0; j < columns.length; j++) {
                columns[j] = columnSums[j] > 0 ? damping * columns[j] / columnSums[j] : 0;
            }
            pairs.multiply(columns, product);
            double curvature = 0;
            for (int i = 0; i < n; i++) {
                product[i] = diagonal[i] * search[i] - product[i];
                curvature += search[i] * product[i];
            }
            gradients++;
            if (!(curvature > 0)) {
                if (k == 0) {
                    System.arraycopy(search, 0, direction, 0, n);
                }
                break;
            }
            double length = square / curvature;
            for (int i = 0; i < n; i++) {
                direction[i] += length * search[i];
                residual[i] -= length * product[i];
            }
            factor.solve(residual, conditioned);
            double next = dot(residual, conditioned);
            double ratio = next / square;
            square = next;
            for (int i = 0; i < n; i++) {
                search[i] = conditioned[i] + ratio * search[i];
            }
        }
    }

    /** Makes values add up to nothing, each giving in proportion to its share. */
    private static void subtractMean(double[] values, double[] shares) {
        double mean = sum(values) / sum(shares);
        for (int i = 0; i < values.length; i++) {
            values[i] -= mean * shares[i];
        }
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        return sum;
    }

    private static double dot(double[] u, double[] v) {
        double sum = 0;
        for (int i = 0; i < u.length; i++) {
            sum += u[i] * v[i];
        }
        return sum;
    }
}
