/**
 * The vector ground floor: which species the kernels use, the elementary functions they are made of, and random numbers.
 *
 * <p>Everything here is built from operations whose result is fixed by IEEE 754 or by integer arithmetic (add, multiply, fused
 * multiply-add, divide, square root, comparison, blend, shifts, conversions), so that the interpreter, C1 and C2, at 128, 256 or 512 bits,
 * give the same bits. The JDK's own {@code lanewise(EXP)} and {@code reduceLanes(ADD)} do not: they change their last bits when C2 takes
 * over, and are not used in the engine.
 *
 * <p>Accuracy against the exact value, over the whole stated range (tested):
 *
 * <table>
 * <caption>Elementary functions, float32 unless said</caption>
 * <tr><th>function</th><th>range</th><th>largest error</th><th>outside the range</th></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.FloatMath#exp}</td><td>[-87, 88.7]</td><td>1.1 ulp</td><td>0 below, infinity above</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.FloatMath#log}</td><td>positive normal numbers</td><td>0.9 ulp</td><td>unspecified</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.FloatMath#sinPi}, {@link org.pontoon.engine.internal.kernel.FloatMath#cosPi}</td><td>[-2^20, 2^20]</td><td>2 ulp, 1e-7 absolute</td><td>unspecified</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.DoubleMath#exp}, float64</td><td>[-708, 709]</td><td>1 ulp</td><td>0 below, infinity above</td></tr>
 * </table>
 *
 * <p>{@link org.pontoon.engine.internal.kernel.FloatMath} holds the scalar truth of each function and the vector loop beside it. Kernels that need the
 * function inside a longer loop repeat its few lines there: a helper that returns a vector is not reliably inlined, and then boxes.
 */
package org.pontoon.engine.internal.vector;
