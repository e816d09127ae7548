package org.pontoon.validation;

import org.ejml.data.DMatrixRMaj;

/**
 * Entropic optimal transport between two Gaussian measures {@code m N(mean, covariance)}, balanced or not, in float64: the cost is
 * {@code |x - y|^2 / 2}, the objective {@code <pi, C> + epsilon KL(pi | a x b) + rho_x KL(pi 1 | a) + rho_y KL(pi' 1 | b)}.
 *
 * <p>Potentials of Gaussian measures are quadratic, and Sinkhorn's update maps quadratic potentials to quadratic ones (Janati, Muzellec,
 * Peyré, Cuturi 2020, "Entropic optimal transport between unbalanced Gaussian measures has a closed form"). Their coefficients are iterated
 * here until they no longer change, which serves any pair of penalties; {@link #balancedCost} is that paper's closed form.
 */
public final class GaussianTransport {

    private static final int MOST_ITERATIONS = 100_000;
    private static final double STEP = 1e-15;

    private final int dimension;
    private final double epsilon;
    private final Side x;
    private final Side y;

    /** One measure, its penalty, and the potential over epsilon, {@code -(1/2) v'Qv + q'v + c} with v counted from the mean. */
    private static final class Side {

        private final double[] mean;
        private final DMatrixRMaj covariance;
        private final DMatrixRMaj precision;
        private final double logDeterminant;
        private final double mass;
        private final double rho;
        private DMatrixRMaj quadratic;
        private double[] linear;
        private double constant;

        Side(double[] mean, double[] covariance, double mass, double rho) {
            int n = mean.length;
            this.mean = mean.clone();
            this.covariance = Matrices.covariance(covariance, n, "covariance");
            this.precision = Matrices.inverse(this.covariance);
            this.logDeterminant = Matrices.logDeterminant(this.covariance);
            this.mass = mass;
            this.rho = rho;
            this.quadratic = new DMatrixRMaj(n, n);
            this.linear = new double[n];
        }

        boolean hard() {
            return rho == Double.POSITIVE_INFINITY;
        }
    }

    /**
     * Solves a problem.
     *
     * @param epsilon entropic regularisation, positive
     * @param firstMean mean of the first measure, D values
     * @param firstCovariance its covariance, D x D
     * @param firstMass its mass
     * @param firstRho penalty of its marginal, infinite for a hard one
     * @param secondMean mean of the second measure
     * @param secondCovariance its covariance
     * @param secondMass its mass, the same as the first where both marginals are hard
     * @param secondRho penalty of its marginal
     */
    public GaussianTransport(double epsilon, double[] firstMean, double[] firstCovariance, double firstMass, double firstRho,
            double[] secondMean, double[] secondCovariance, double secondMass, double secondRho) {
        this.dimension = firstMean.length;
        this.epsilon = epsilon;
        this.x = new Side(firstMean, firstCovariance, firstMass, firstRho);
        this.y = new Side(secondMean, secondCovariance, secondMass, secondRho);
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            double moved = update(x, y) + update(y, x);
            if (!x.hard() || !y.hard()) {
                // where penalties are heavy, iterations alone take very long to agree on the mass (Sejourne et al. 2022)
                double c = (Math.log(mass(x)) - Math.log(mass(y))) / (1 / x.rho + 1 / y.rho) / epsilon;
                x.constant += c;
                y.constant -= c;
            }
            if (moved <= STEP) {
                return;
            }
        }
    }

    /** {@code f / epsilon = -lambda log (m_b E exp(g / epsilon - C / epsilon))}, by completing squares; how far the coefficients moved. */
    private double update(Side f, Side g) {
        double damping = f.hard() ? 1 : f.rho / (f.rho + epsilon);
        DMatrixRMaj identity = Matrices.identity(dimension);
        DMatrixRMaj p = Matrices.combine(1, Matrices.combine(1, g.precision, 1, g.quadratic), 1 / epsilon, identity);
        DMatrixRMaj inverse = Matrices.inverse(p);
        double[] shift = new double[dimension];
        double[] w = new double[dimension];
        double square = 0;
        for (int d = 0; d < dimension; d++) {
            shift[d] = f.mean[d] - g.mean[d];
            w[d] = g.linear[d] + shift[d] / epsilon;
            square += shift[d] * shift[d];
        }
        double[] solved = Matrices.multiply(inverse, w);
        DMatrixRMaj quadratic = Matrices.combine(damping / (epsilon * epsilon), inverse, -damping / epsilon, identity);
        double[] linear = new double[dimension];
        double inner = 0;
        double moved = 0;
        for (int d = 0; d < dimension; d++) {
            linear[d] = -damping * (solved[d] - shift[d]) / epsilon;
            inner += w[d] * solved[d];
            moved = Math.max(moved, Math.abs(linear[d] - f.linear[d]) / Math.max(1, Math.abs(linear[d])));
        }
        double constant = -damping
            * (Math.log(g.mass) - 0.5 * g.logDeterminant - 0.5 * Matrices.logDeterminant(p) + g.constant + 0.5 * inner
                - square / (2 * epsilon));
        for (int k = 0; k < dimension * dimension; k++) {
            moved = Math.max(moved, Math.abs(quadratic.get(k) - f.quadratic.get(k)) / Math.max(1, Math.abs(quadratic.get(k))));
        }
        moved = Math.max(moved, Math.abs(constant - f.constant) / Math.max(1, Math.abs(constant)));
        f.quadratic = quadratic;
        f.linear = linear;
        f.constant = constant;
        return moved;
    }

    /**
     * Returns the mass of the plan.
     *
     * @return the mass
     */
    public double mass() {
        return mass(x);
    }

    /** The plan's mass as one side has it, E exp(-f / rho). */
    private double mass(Side soft) {
        if (soft.hard()) {
            return soft.mass;
        }
        double factor = epsilon / soft.rho;
        DMatrixRMaj p = Matrices.combine(1, soft.precision, -factor, soft.quadratic);
        double[] solved = Matrices.multiply(Matrices.inverse(p), soft.linear);
        double inner = 0;
        for (int d = 0; d < dimension; d++) {
            inner += soft.linear[d] * solved[d];
        }
        return soft.mass * Math.exp(-0.5 * soft.logDeterminant - 0.5 * Matrices.logDeterminant(p) + 0.5 * factor * factor * inner
            - factor * soft.constant);
    }

    /**
     * Returns the optimal cost.
     *
     * @return the value of the objective
     */
    public double cost() {
        double mass = mass();
        return dual(x, mass) + dual(y, mass) - epsilon * (mass - x.mass * y.mass);
    }

    private double dual(Side side, double mass) {
        if (!side.hard()) {
            return side.rho * (side.mass - mass);
        }
        double mean = side.constant;
        DMatrixRMaj product = Matrices.multiply(side.quadratic, side.covariance);
        return epsilon * side.mass * (mean - 0.5 * Matrices.trace(product));
    }

    /**
     * Returns the first potential at a point, up to a constant where both marginals are hard.
     *
     * @param point D values
     * @return f
     */
    public double potential(double[] point) {
        double[] v = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            v[d] = point[d] - x.mean[d];
        }
        double[] product = Matrices.multiply(x.quadratic, v);
        double sum = x.constant;
        for (int d = 0; d < dimension; d++) {
            sum += v[d] * (x.linear[d] - 0.5 * product[d]);
        }
        return epsilon * sum;
    }

    /**
     * Returns the Sinkhorn divergence between two Gaussian measures.
     *
     * @param epsilon entropic regularisation, positive
     * @param firstMean mean of the first measure, D values
     * @param firstCovariance its covariance, D x D
     * @param firstMass its mass
     * @param secondMean mean of the second measure
     * @param secondCovariance its covariance
     * @param secondMass its mass
     * @param rho penalty of both marginals, infinite for hard ones
     * @return {@code OT(a, b) - OT(a, a) / 2 - OT(b, b) / 2 + epsilon (m_a - m_b)^2 / 2}
     */
    public static double divergence(double epsilon, double[] firstMean, double[] firstCovariance, double firstMass, double[] secondMean,
            double[] secondCovariance, double secondMass, double rho) {
        double cross = new GaussianTransport(epsilon, firstMean, firstCovariance, firstMass, rho, secondMean, secondCovariance, secondMass,
            rho)
            .cost();
        double first = new GaussianTransport(epsilon, firstMean, firstCovariance, firstMass, rho, firstMean, firstCovariance, firstMass,
            rho)
            .cost();
        double second = new GaussianTransport(epsilon, secondMean, secondCovariance, secondMass, rho, secondMean, secondCovariance,
            secondMass, rho).cost();
        double difference = firstMass - secondMass;
        return cross - first / 2 - second / 2 + epsilon * difference * difference / 2;
    }

    /**
     * Returns the balanced cost between two Gaussian probabilities by its closed form (Janati et al. 2020, theorem 1, whose cost is twice
     * ours and whose sigma squared is epsilon): with {@code D = (4 A^(1/2) B A^(1/2) + epsilon^2 I)^(1/2)},
     *
     * <pre>
     *   (1/2) [ |m0 - m1|^2 + tr A + tr B - tr D + n epsilon (1 - log(2 epsilon)) + epsilon log det(D + epsilon I) ]
     * </pre>
     *
     * @param epsilon entropic regularisation, positive
     * @param firstMean m0, D values
     * @param firstCovariance A, D x D
     * @param secondMean m1
     * @param secondCovariance B
     * @return the cost
     */
    public static double balancedCost(double epsilon, double[] firstMean, double[] firstCovariance, double[] secondMean,
            double[] secondCovariance) {
        int n = firstMean.length;
        DMatrixRMaj root = Matrices.spectral(Matrices.of(firstCovariance, n, n), Math::sqrt);
        DMatrixRMaj inner = Matrices.multiply(Matrices.multiply(root, Matrices.of(secondCovariance, n, n)), root);
        double sum = n * epsilon * (1 - Math.log(2 * epsilon));
        for (int d = 0; d < n; d++) {
            double gap = firstMean[d] - secondMean[d];
            sum += gap * gap + firstCovariance[d * n + d] + secondCovariance[d * n + d];
        }
        for (double v : Matrices.eigenvalues(Matrices.combine(0.5, inner, 0.5, Matrices.transpose(inner)))) {
            double root4 = Math.sqrt(4 * v + epsilon * epsilon);
            sum += epsilon * Math.log(root4 + epsilon) - root4;
        }
        return sum / 2;
    }
}
