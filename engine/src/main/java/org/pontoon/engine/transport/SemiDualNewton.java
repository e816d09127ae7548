package org.pontoon.engine.transport;

/**
 * Newton's method for a balanced problem over active pairs: it ascends the semi-dual {@code <a, f> + <b, g(f)>}, whose Hessian is minus the
 * Laplacian of the graph that the plan is, by conjugate gradients for the Newton system (Brauer, Clason, Lorenz and Wirth 2017, "A
 * Sinkhorn-Newton method for entropic optimal transport"). Clusters of points that hardly exchange mass are as many slow modes of
 * Sinkhorn's iteration, more than {@link Anderson} keeps steps; conjugate gradients span them all. Not thread-safe.
 */
final class SemiDualNewton {

    /** The longest step, in epsilon: beyond a few, the plan has little to do with the one that the system was made of. */
    private static final double MOST_STEP = 4;
    private static final int MOST_GRADIENTS = 400;
    /** Relative residual of a system solved: less where the error is large, so that convergence is faster than linear. */
    private static final double FORCING = 0.1;

    private final ActivePairs pairs;
    private final Marginal x;
    private final Marginal y;
    private final double epsilon;
    private final double[] point;
    private final double[] direction;
    private final double[] alpha;
    private final double[] beta;
    private final double[] rowSums;
    private final double[] columnSums;
    private final double[] residual;
    private final double[] search;
    private final double[] product;
    private final double[] columns;
    private double share;
    private double objective = Double.NEGATIVE_INFINITY;
    private double error = Double.POSITIVE_INFINITY;

    SemiDualNewton(ActivePairs pairs, Marginal x, Marginal y, double epsilon) {
        this.pairs = pairs;
        this.x = x;
        this.y = y;
        this.epsilon = epsilon;
        int n = x.weights().length;
        int m = y.weights().length;
        this.point = new double[n];
        this.direction = new double[n];
        this.alpha = new double[n];
        this.beta = new double[m];
        this.rowSums = new double[n];
        this.columnSums = new double[m];
        this.residual = new double[n];
        this.search = new double[n];
        this.product = new double[n];
        this.columns = new double[m];
    }

    /**
     * Replaces a potential by the next one to try.
     *
     * @param f the potential
     * @param g its soft minima at the columns
     * @param currentError of the rows' marginal there
     * @return how many gradients were conjugated
     */
    int step(double[] f, double[] g, double currentError) {
        double value = dot(x.weights(), f) + dot(y.weights(), g);
        if (value < objective && currentError > error) {
            share /= 4;
            for (int i = 0; i < f.length; i++) {
                f[i] = point[i] + share * epsilon * direction[i];
            }
            return 0;
        }
        objective = value;
        error = currentError;
        System.arraycopy(f, 0, point, 0, f.length);
        int gradients = solve(f, g);
        double longest = 0;
        for (double d : direction) {
            longest = Math.max(longest, Math.abs(d));
        }
        share = longest > MOST_STEP ? MOST_STEP / longest : 1;
        for (int i = 0; i < f.length; i++) {
            f[i] += share * epsilon * direction[i];
        }
        return gradients;
    }

    /** Solves {@code (diag(P 1) - P diag(1 / P' 1) P') direction = a - P 1} for the plan P of (f, g). */
    private int solve(double[] f, double[] g) {
        int n = f.length;
        for (int i = 0; i < n; i++) {
            alpha[i] = x.logWeights()[i] + f[i] / epsilon;
        }
        for (int j = 0; j < g.length; j++) {
            beta[j] = y.logWeights()[j] + g[j] / epsilon;
        }
        pairs.plan(alpha, beta, rowSums, columnSums);
        double square = 0;
        for (int i = 0; i < n; i++) {
            direction[i] = 0;
            residual[i] = rowSums[i] > 0 ? x.weights()[i] - rowSums[i] : 0;
            search[i] = conditioned(i);
            square += residual[i] * search[i];
        }
        double enough = square * FORCING * FORCING * Math.min(1, error);
        int gradients = 0;
        while (gradients < MOST_GRADIENTS && square > enough) {
            pairs.multiplyTransposed(search, columns);
            for (int j = 0; j < columns.length; j++) {
                columns[j] = columnSums[j] > 0 ? columns[j] / columnSums[j] : 0;
            }
            pairs.multiply(columns, product);
            double curvature = 0;
            for (int i = 0; i < n; i++) {
                product[i] = rowSums[i] * search[i] - product[i];
                curvature += search[i] * product[i];
            }
            gradients++;
            if (!(curvature > 0)) {
                break;
            }
            double length = square / curvature;
            double next = 0;
            for (int i = 0; i < n; i++) {
                direction[i] += length * search[i];
                residual[i] -= length * product[i];
                next += residual[i] * conditioned(i);
            }
            double ratio = next / square;
            square = next;
            for (int i = 0; i < n; i++) {
                search[i] = conditioned(i) + ratio * search[i];
            }
        }
        return gradients;
    }

    private double conditioned(int i) {
        return rowSums[i] > 0 ? residual[i] / rowSums[i] : 0;
    }

    private static double dot(double[] weights, double[] values) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * values[i];
        }
        return sum;
    }
}
