package org.pontoon.engine.flow;

import java.util.Objects;

import org.pontoon.engine.feature.MeanFeatures;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MixtureLikelihood;
import org.pontoon.engine.transport.Precision;

/**
 * An f-divergence {@code F(rho) = int f(r) dmu} of a cloud from a target's sample, by way of the density ratio {@code r = rho / mu}, whose
 * Wasserstein gradient flow has the velocity {@code v = -grad f'(r) = -r f''(r) grad log r} (Gao, Jiao, Wang, Wang, Yang, Zhang 2019, "Deep
 * generative learning via variational gradient flow"; Ansari, Ang, Soh 2021, "Refining deep generative models via discriminator gradient
 * flow"). Here both densities are kernel densities of one Gaussian kernel of bandwidth h:
 *
 * <pre>{@code
 * rho_h(x) = sum_i a_i N(x; x_i, h^2 I),   mu_h(x) = sum_j b_j N(x; y_j, h^2 I),   log r = log rho_h - log mu_h
 * }</pre>
 *
 * <p>in the logarithm, so that the ratio neither overflows nor is 0 / 0 where the clouds are far apart. Smoothing both sides alike, the
 * flow rests where the cloud is the target. Between N(m, s) and N(m*, s*) the flow of {@link Kind#KULLBACK_LEIBLER} is the
 * Ornstein-Uhlenbeck process of the smoothed target, {@code m' = -(m - m*) / (s* + h^2)}, {@code s' = 2 s (1 / (s + h^2) - 1 / (s* +
 * h^2))}. Towards a density that is known, {@link PotentialEnergy} with {@link org.pontoon.engine.transport.KernelEntropy} is the same
 * divergence without a sample.
 *
 * <p>The answer's gradient is the one of the first variation, {@code a_i r f''(r) grad log r} at x_i, and its derivative in a weight is
 * f'(r): what the flow is defined by. The value is an estimate of F from the two samples; in a finite cloud it is not an exact
 * antiderivative of the gradient, and that of Kullback and Leibler's, {@code E_rho log r}, may fall below 0 at wide bandwidths. The factor
 * {@code r f''(r)} grows without bound where no target point is near for {@link Kind#CHI_SQUARED}, whose flow is stiff there, and where the
 * cloud is thin beside the target for {@link Kind#REVERSE_KULLBACK_LEIBLER} and {@link Kind#HELLINGER}; for the other two it is at most 1.
 * Explicit steps of more than about h^2 over that factor overshoot; adaptive ones find their length.
 *
 * <p>O(N (N + M)) time and O(N + M) memory. Immutable and thread-safe; the same bits for any number of threads.
 */
public final class Divergence implements Functional {

    private final Kind kind;
    private final MixtureLikelihood density;
    private final PointCloud target;
    private final double logTargetMass;
    private final double[] targetWeights;
    private final double[] targetDensity;
    private final TileScheduler scheduler;

    /** Functions f, convex with f(1) = 0. */
    public enum Kind {
        /** {@code f = r log r}: KL(rho | mu). */
        KULLBACK_LEIBLER {
            @Override
            double speed(double l) {
                return 1;
            }

            @Override
            double variation(double l) {
                return l + 1;
            }

            @Override
            double ownPart(double l) {
                return l;
            }
        },
        /** {@code f = -log r}: KL(mu | rho). */
        REVERSE_KULLBACK_LEIBLER {
            @Override
            double speed(double l) {
                return Math.exp(-l);
            }

            @Override
            double variation(double l) {
                return -Math.exp(-l);
            }

            @Override
            double targetPart(double l) {
                return -l;
            }
        },
        /** {@code f = (r - 1)^2}. */
        CHI_SQUARED {
            @Override
            double speed(double l) {
                return 2 * Math.exp(l);
            }

            @Override
            double variation(double l) {
                return 2 * Math.expm1(l);
            }

            @Override
            double targetPart(double l) {
                return Math.expm1(l) * Math.expm1(l);
            }
        },
        /** {@code f = r log r - (1 + r) log((1 + r) / 2)}: twice the Jensen-Shannon divergence, at most 2 log 2. */
        JENSEN_SHANNON {
            @Override
            double speed(double l) {
                return 1 / (1 + Math.exp(l));
            }

            @Override
            double variation(double l) {
                return ownPart(l);
            }

            @Override
            double ownPart(double l) {
                return Math.log(2) - softplus(-l);
            }

            @Override
            double targetPart(double l) {
                return Math.log(2) - softplus(l);
            }
        },
        /** {@code f = (sqrt(r) - 1)^2}: the squared Hellinger distance, at most 2. */
        HELLINGER {
            @Override
            double speed(double l) {
                return 0.5 * Math.exp(-l / 2);
            }

            @Override
            double variation(double l) {
                return -Math.expm1(-l / 2);
            }

            @Override
            double targetPart(double l) {
                return Math.expm1(l / 2) * Math.expm1(l / 2);
            }
        };

        /** {@code r f''(r)} at r = e^l. */
        abstract double speed(double l);

        /** {@code f'(r)}. */
        abstract double variation(double l);

        /** What of {@code F = E_rho ownPart + E_mu targetPart} is averaged over the cloud. */
        double ownPart(double l) {
            return 0;
        }

        /** What is averaged over the target. */
        double targetPart(double l) {
            return 0;
        }

        private static double softplus(double l) {
            return Math.max(l, 0) + Math.log1p(Math.exp(-Math.abs(l)));
        }
    }

    /**
     * Computes a bandwidth that suits a sample: Scott's, for the deviation that its median distance tells.
     *
     * @param target sample of mu, M x D
     * @return h
     */
    public static double usualBandwidth(PointCloud target) {
        double deviation = MeanFeatures.usualBandwidth(target, target) / Math.sqrt(2 * target.dimension());
        return KernelEntropy.scottBandwidth(deviation, target.size(), target.dimension());
    }

    /**
     * Makes a divergence.
     *
     * @param kind f
     * @param target sample of mu, M x D with weights or without, read for as long as the divergence is used
     * @param bandwidth h, standard deviation of the kernel in the unit of the coordinates
     * @param precision of the sums over pairs
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if the bandwidth is not positive and finite or a value of the target is not finite
     */
    public Divergence(Kind kind, PointCloud target, double bandwidth, Precision precision, TileScheduler scheduler) {
        this.kind = Objects.requireNonNull(kind, "kind");
        if (!(bandwidth > 0) || bandwidth == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("bandwidth is " + bandwidth + ", expected positive and finite");
        }
        this.target = target.requireFinite("target");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.density = new MixtureLikelihood(bandwidth, precision);
        this.targetWeights = weights(target);
        this.logTargetMass = Math.log(mass(targetWeights));
        this.targetDensity = density.sampleGradient(target, target, scheduler).weights();
    }

    @Override
    public LossGradient at(PointCloud x) {
        x.requireFinite("cloud").requireDimension(target.dimension(), "cloud");
        int dimension = x.dimension();
        double[] weights = weights(x);
        double mass = mass(weights);
        double logMasses = logTargetMass - Math.log(mass);
        // losses: minus the log-densities, and minus their gradients times the points' weights
        LossGradient own = density.sampleGradient(x, x, scheduler);
        LossGradient other = density.sampleGradient(target, x, scheduler);
        double[] points = own.points();
        double[] variations = new double[weights.length];
        double value = 0;
        for (int i = 0; i < weights.length; i++) {
            double logRatio = other.weights()[i] - own.weights()[i] + logMasses;
            variations[i] = kind.variation(logRatio);
            // no weight is no gradient, however fast
            double speed = weights[i] > 0 ? kind.speed(logRatio) : 0;
            value += weights[i] > 0 ? weights[i] / mass * kind.ownPart(logRatio) : 0;
            for (int k = i * dimension; k < (i + 1) * dimension; k++) {
                points[k] = weights[i] > 0 ? speed * (other.points()[k] - points[k]) : 0;
            }
        }
        if (kind != Kind.KULLBACK_LEIBLER) {
            double[] there = density.sampleGradient(x, target, scheduler).weights();
            double targetMass = mass(targetWeights);
            for (int j = 0; j < there.length; j++) {
                value += targetWeights[j] > 0
                    ? targetWeights[j] / targetMass * kind.targetPart(targetDensity[j] - there[j] + logMasses)
                    : 0;
            }
        }
        return new LossGradient(value, points, variations);
    }

    private static double[] weights(PointCloud cloud) {
        double[] weights = new double[cloud.size()];
        for (int n = 0; n < weights.length; n++) {
            weights[n] = cloud.mass(n);
        }
        return weights;
    }

    private static double mass(double[] weights) {
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        return sum;
    }
}
