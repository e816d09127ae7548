package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.SquaredDifferences.CHAINS;

import java.util.Objects;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class SquaredDifferences {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final VectorSpecies<Integer> I = VectorSupport.INTS;
    private static final VectorSpecies<Double> D = VectorSupport.DOUBLES;
    private static final int L = VectorSupport.LANES;
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    /** What the chains take at once: a whole vector, and every chain. */
    private static final int STEP = Math.max(L, CHAINS);

    private SquaredDifferences() {
    }

    public static double sum(float[] xs, int xAt, float[] ys, int yAt, int count) {
        Objects.checkFromIndexSize(xAt, count, xs.length);
        Objects.checkFromIndexSize(yAt, count, ys.length);
        DoubleVector a = DoubleVector.zero(D);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        DoubleVector u;
        FloatVector x;
        FloatVector y;
        int whole = count & -VectorSupport.VIRTUAL_LANES;
        int i = 0;
        for (; i < whole; i += STEP) {
            x = FloatVector.fromArray(F, xs, xAt + i);
            y = FloatVector.fromArray(F, ys, yAt + i);
            u = ((DoubleVector) x.convertShape(VectorOperators.F2D, D, 0)).sub((DoubleVector) y.convertShape(VectorOperators.F2D, D, 0));
            a = u.mul(u).add(a);
            u = ((DoubleVector) x.rearrange(VectorSupport.UPPER_HALF).convertShape(VectorOperators.F2D, D, 0))
                .sub((DoubleVector) y.rearrange(VectorSupport.UPPER_HALF).convertShape(VectorOperators.F2D, D, 0));
            if (L == 16) {
                a = u.mul(u).add(a);
            } else {
                b = u.mul(u).add(b);
            }
            if (L == 4) {
                x = FloatVector.fromArray(F, xs, xAt + i + L);
                y = FloatVector.fromArray(F, ys, yAt + i + L);
                u = ((DoubleVector) x.convertShape(VectorOperators.F2D, D, 0))
                    .sub((DoubleVector) y.convertShape(VectorOperators.F2D, D, 0));
                c = u.mul(u).add(c);
                u = ((DoubleVector) x.rearrange(VectorSupport.UPPER_HALF).convertShape(VectorOperators.F2D, D, 0))
                    .sub((DoubleVector) y.rearrange(VectorSupport.UPPER_HALF).convertShape(VectorOperators.F2D, D, 0));
                d = u.mul(u).add(d);
            }
        }
        double sum = L == 16
            ? a.lane(0) + a.lane(1) + (a.lane(2) + a.lane(3)) + (a.lane(4) + a.lane(5) + (a.lane(6) + a.lane(7)))
            : L == 8
                ? a.lane(0) + a.lane(1) + (a.lane(2) + a.lane(3)) + (b.lane(0) + b.lane(1) + (b.lane(2) + b.lane(3)))
                : a.lane(0) + a.lane(1) + (b.lane(0) + b.lane(1)) + (c.lane(0) + c.lane(1) + (d.lane(0) + d.lane(1)));
        for (; i < count; i++) {
            double difference = (double) xs[xAt + i] - ys[yAt + i];
            sum += difference * difference;
        }
        return sum;
    }

    public static void slopes(float[] xs, int xAt, float[] ys, int yAt, int count, float factor) {
        Objects.checkFromIndexSize(xAt, count, xs.length);
        Objects.checkFromIndexSize(yAt, count, ys.length);
        int i = 0;
        for (; i <= count - L; i += L) {
            FloatVector.fromArray(F, xs, xAt + i).sub(FloatVector.fromArray(F, ys, yAt + i))
                .mul(factor).intoArray(xs, xAt + i);
        }
        for (; i < count; i++) {
            xs[xAt + i] = (xs[xAt + i] - ys[yAt + i]) * factor;
        }
    }

    public static boolean copyFinite(float[] from, float[] to, int count) {
        Objects.checkFromIndexSize(0, count, from.length);
        Objects.checkFromIndexSize(0, count, to.length);
        IntVector largest = IntVector.zero(I);
        int i = 0;
        for (; i <= count - I.length(); i += I.length()) {
            FloatVector v = FloatVector.fromArray(F, from, i);
            // allowed: on integers it is one instruction
            largest = v.reinterpretAsInts().and(Integer.MAX_VALUE).max(largest);
            v.intoArray(to, i);
        }
        boolean finite = largest.compare(VectorOperators.LT, INFINITY).allTrue();
        for (; i < count; i++) {
            finite &= Float.isFinite(from[i]);
            to[i] = from[i];
        }
        return finite;
    }
}
