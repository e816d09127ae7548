package org.pontoon.engine.file;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * An n-dimensional array of numbers or texts in memory, row-major: what one {@code .npy} file or one entry of an {@code .npz} archive holds.
 *
 * <p>For parameters, weights and metadata; clouds of points are {@link org.pontoon.engine.memory.PointCloud}s. Immutable: values are copied
 * in and out, so that any number of threads may use it.
 */
public final class NpyArray {

    /** Element types that are written. */
    public enum Type {
        /** numpy's {@code <f4}. */
        FLOAT32,
        /** numpy's {@code <f8}. */
        FLOAT64,
        /** numpy's {@code <i4}; also what bool and integers of 8 and 16 bits are read as. */
        INT32,
        /** numpy's {@code <i8}; also what unsigned integers of 32 bits are read as. */
        INT64,
        /** numpy's {@code <U}: texts in fixed fields of 4 bytes per character. */
        TEXT
    }

    private final Type type;
    private final int[] shape;
    /** float[], double[], int[], long[] or String[], after the type. */
    private final Object values;

    /** Takes over the arrays. */
    NpyArray(Type type, Object values, int... shape) {
        this.type = type;
        this.values = values;
        this.shape = shape;
    }

    /**
     * Copies float64 values.
     *
     * @param values the values, row-major
     * @param shape lengths of the axes; their product is the number of values
     * @return the array
     * @throws IllegalArgumentException if the shape does not hold exactly these values
     */
    public static NpyArray of(double[] values, int... shape) {
        return new NpyArray(Type.FLOAT64, values.clone(), checked(values.length, shape));
    }

    /**
     * Copies float32 values.
     *
     * @param values the values, row-major
     * @param shape lengths of the axes; their product is the number of values
     * @return the array
     * @throws IllegalArgumentException if the shape does not hold exactly these values
     */
    public static NpyArray of(float[] values, int... shape) {
        return new NpyArray(Type.FLOAT32, values.clone(), checked(values.length, shape));
    }

    /**
     * Copies integers of 32 bits.
     *
     * @param values the values, row-major
     * @param shape lengths of the axes; their product is the number of values
     * @return the array
     * @throws IllegalArgumentException if the shape does not hold exactly these values
     */
    public static NpyArray of(int[] values, int... shape) {
        return new NpyArray(Type.INT32, values.clone(), checked(values.length, shape));
    }

    /**
     * Copies integers of 64 bits.
     *
     * @param values the values, row-major
     * @param shape lengths of the axes; their product is the number of values
     * @return the array
     * @throws IllegalArgumentException if the shape does not hold exactly these values
     */
    public static NpyArray of(long[] values, int... shape) {
        return new NpyArray(Type.INT64, values.clone(), checked(values.length, shape));
    }

    /**
     * Copies texts.
     *
     * @param values the texts, row-major, without the character NUL and without unpaired surrogates
     * @param shape lengths of the axes; their product is the number of values
     * @return the array
     * @throws IllegalArgumentException if the shape does not hold exactly these values or a text cannot be stored
     */
    public static NpyArray of(String[] values, int... shape) {
        String[] copy = values.clone();
        for (String value : copy) {
            if (value.codePoints().anyMatch(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                throw new IllegalArgumentException("text '" + NpyHeader.printable(value) + "' holds NUL or an unpaired surrogate");
            }
        }
        return new NpyArray(Type.TEXT, copy, checked(copy.length, shape));
    }

    /**
     * Makes a float64 array of shape ().
     *
     * @param value the value
     * @return the array
     */
    public static NpyArray scalar(double value) {
        return of(new double[] {value});
    }

    /**
     * Makes an array of shape () of an integer of 64 bits.
     *
     * @param value the value
     * @return the array
     */
    public static NpyArray scalar(long value) {
        return of(new long[] {value});
    }

    /**
     * Makes an array of shape () of a text.
     *
     * @param value the text
     * @return the array
     * @throws IllegalArgumentException if the text cannot be stored
     */
    public static NpyArray scalar(String value) {
        return of(new String[] {value});
    }

    /**
     * Returns the element type.
     *
     * @return the type in memory, which is also the one that is written
     */
    public Type type() {
        return type;
    }

    /**
     * Returns the lengths of the axes.
     *
     * @return a copy, empty for a single value
     */
    public int[] shape() {
        return shape.clone();
    }

    /**
     * Returns the shape as numpy prints it, for example {@code (3, 2)}.
     *
     * @return the shape in words
     */
    public String shapeText() {
        return ArrayDescription.shapeText(IntStream.of(shape).mapToObj(Long::valueOf).toList());
    }

    /**
     * Returns the number of values.
     *
     * @return the product of the axes, 1 for shape ()
     */
    public int size() {
        return switch (values) {
            case float[] v -> v.length;
            case double[] v -> v.length;
            case int[] v -> v.length;
            case long[] v -> v.length;
            case String[] v -> v.length;
            default -> throw new AssertionError(type);
        };
    }

    /**
     * Returns the values as float64; integers beyond 2^53 are rounded.
     *
     * @return a copy, row-major
     * @throws IllegalArgumentException if the array holds texts
     */
    public double[] toDoubles() {
        return switch (values) {
            case double[] v -> v.clone();
            case float[] v -> {
                double[] wide = new double[v.length];
                for (int i = 0; i < v.length; i++) {
                    wide[i] = v[i];
                }
                yield wide;
            }
            case int[] v -> IntStream.of(v).asDoubleStream().toArray();
            case long[] v -> Arrays.stream(v).asDoubleStream().toArray();
            default -> throw notNumbers("numbers");
        };
    }

    /**
     * Returns the values as float32, rounded to nearest.
     *
     * @return a copy, row-major
     * @throws IllegalArgumentException if the array holds texts or a finite value beyond the range of float32
     */
    public float[] toFloats() {
        if (values instanceof float[] v) {
            return v.clone();
        }
        double[] wide = toDoubles();
        float[] narrow = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
            narrow[i] = (float) wide[i];
            if (Float.isInfinite(narrow[i]) && !Double.isInfinite(wide[i])) {
                throw new IllegalArgumentException("array of shape " + shapeText() + " holds " + wide[i] + " at index " + i
                    + ", expected values of at most " + Float.MAX_VALUE + " in magnitude (float32)");
            }
        }
        return narrow;
    }

    /**
     * Returns the values as integers.
     *
     * @return a copy, row-major
     * @throws IllegalArgumentException if the array does not hold integers
     */
    public long[] toLongs() {
        return switch (values) {
            case long[] v -> v.clone();
            case int[] v -> IntStream.of(v).asLongStream().toArray();
            default -> throw notNumbers("integers");
        };
    }

    /**
     * Returns the texts.
     *
     * @return a copy, row-major
     * @throws IllegalArgumentException if the array does not hold texts
     */
    public String[] toTexts() {
        if (values instanceof String[] v) {
            return v.clone();
        }
        throw notNumbers("texts");
    }

    /**
     * Returns the value of an array with a single number.
     *
     * @return the value
     * @throws IllegalArgumentException if there is not exactly one value or it is not a number
     */
    public double asDouble() {
        requireSingle();
        return toDoubles()[0];
    }

    /**
     * Returns the value of an array with a single integer.
     *
     * @return the value
     * @throws IllegalArgumentException if there is not exactly one value or it is not an integer
     */
    public long asLong() {
        requireSingle();
        return toLongs()[0];
    }

    /**
     * Returns the value of an array with a single text.
     *
     * @return the text
     * @throws IllegalArgumentException if there is not exactly one value or it is not a text
     */
    public String asText() {
        requireSingle();
        return toTexts()[0];
    }

    /** The values themselves, for the writer in this package. */
    Object values() {
        return values;
    }

    long[] longShape() {
        return IntStream.of(shape).asLongStream().toArray();
    }

    private void requireSingle() {
        if (size() != 1) {
            throw new IllegalArgumentException("array has shape " + shapeText() + ", expected a single value");
        }
    }

    private IllegalArgumentException notNumbers(String expected) {
        return new IllegalArgumentException("array of shape " + shapeText() + " has type " + type + ", expected " + expected);
    }

    private static int[] checked(int values, int[] shape) {
        long count = 1;
        for (int axis : shape) {
            if (axis < 0) {
                throw new IllegalArgumentException("axis of length " + axis + " in shape " + Arrays.toString(shape));
            }
            // Beyond this bound the product only has to stay wrong, not to be right.
            count = Math.min(count * axis, 1L << 32);
        }
        if (count != values) {
            throw new IllegalArgumentException(values + " values for shape " + Arrays.toString(shape)
                + ", which holds " + (count < 1L << 32 ? Long.toString(count) : "more"));
        }
        return shape.clone();
    }

    /**
     * Compares type, shape and values (NaN equals NaN, 0 and -0 differ).
     *
     * @param other another object
     * @return true if it is an array with the same content
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof NpyArray that && type == that.type && Arrays.equals(shape, that.shape)
            && Objects.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(new Object[] {type, shape, values});
    }

    @Override
    public String toString() {
        return "NpyArray[" + type + " " + shapeText() + "]";
    }
}
