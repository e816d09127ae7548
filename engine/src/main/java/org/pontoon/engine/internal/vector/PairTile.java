package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.PairTile.PANEL;
import static org.pontoon.engine.internal.scalar.PairTile.ROWS;
import static org.pontoon.engine.internal.scalar.PairTile.V;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class PairTile {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private PairTile() {
    }

    public static void squares(float[] rows, int rowsAt, int dimension, float[] tile, int points, float factor, float[] squares) {
        switch (dimension) {
            case 1 -> squares1(rows, rowsAt, tile, points, factor, squares);
            case 2 -> squares2(rows, rowsAt, tile, points, factor, squares);
            case 3 -> squares3(rows, rowsAt, tile, points, factor, squares);
            default -> squaresOfMany(rows, rowsAt, dimension, tile, points, factor, squares);
        }
    }

    private static void squares1(float[] rows, int at, float[] tile, int points, float factor, float[] squares) {
        boolean scaled = factor != 1f;
        float a0 = rows[at];
        float b0 = rows[at + 1];
        float c0 = rows[at + 2];
        float d0 = rows[at + 3];
        for (int lane = 0; lane < V; lane += L) {
            for (int n = lane; n < points; n += PANEL) {
                FloatVector y0 = FloatVector.fromArray(F, tile, n);
                FloatVector u = y0.sub(a0);
                FloatVector s = u.mul(u);
                (scaled ? s.mul(factor) : s).intoArray(squares, n);
                u = y0.sub(b0);
                s = u.mul(u);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + points);
                u = y0.sub(c0);
                s = u.mul(u);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + 2 * points);
                u = y0.sub(d0);
                s = u.mul(u);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + 3 * points);
                y0 = FloatVector.fromArray(F, tile, n + V);
                u = y0.sub(a0);
                s = u.mul(u);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V);
                u = y0.sub(b0);
                s = u.mul(u);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V + points);
                u = y0.sub(c0);
                s = u.mul(u);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V + 2 * points);
                u = y0.sub(d0);
                s = u.mul(u);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V + 3 * points);
            }
        }
    }

    private static void squares2(float[] rows, int at, float[] tile, int points, float factor, float[] squares) {
        boolean scaled = factor != 1f;
        float a0 = rows[at];
        float b0 = rows[at + 1];
        float c0 = rows[at + 2];
        float d0 = rows[at + 3];
        float a1 = rows[at + 4];
        float b1 = rows[at + 5];
        float c1 = rows[at + 6];
        float d1 = rows[at + 7];
        for (int lane = 0; lane < V; lane += L) {
            for (int n = lane; n < points; n += PANEL) {
                int p = 2 * n - lane;
                FloatVector y0 = FloatVector.fromArray(F, tile, p);
                FloatVector y1 = FloatVector.fromArray(F, tile, p + 2 * V);
                FloatVector u = y0.sub(a0);
                FloatVector s = u.mul(u);
                u = y1.sub(a1);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n);
                u = y0.sub(b0);
                s = u.mul(u);
                u = y1.sub(b1);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + points);
                u = y0.sub(c0);
                s = u.mul(u);
                u = y1.sub(c1);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + 2 * points);
                u = y0.sub(d0);
                s = u.mul(u);
                u = y1.sub(d1);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + 3 * points);
                y0 = FloatVector.fromArray(F, tile, p + V);
                y1 = FloatVector.fromArray(F, tile, p + 3 * V);
                u = y0.sub(a0);
                s = u.mul(u);
                u = y1.sub(a1);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V);
                u = y0.sub(b0);
                s = u.mul(u);
                u = y1.sub(b1);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V + points);
                u = y0.sub(c0);
                s = u.mul(u);
                u = y1.sub(c1);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V + 2 * points);
                u = y0.sub(d0);
                s = u.mul(u);
                u = y1.sub(d1);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V + 3 * points);
            }
        }
    }

    private static void squares3(float[] rows, int at, float[] tile, int points, float factor, float[] squares) {
        boolean scaled = factor != 1f;
        float a0 = rows[at];
        float b0 = rows[at + 1];
        float c0 = rows[at + 2];
        float d0 = rows[at + 3];
        float a1 = rows[at + 4];
        float b1 = rows[at + 5];
        float c1 = rows[at + 6];
        float d1 = rows[at + 7];
        float a2 = rows[at + 8];
        float b2 = rows[at + 9];
        float c2 = rows[at + 10];
        float d2 = rows[at + 11];
        for (int lane = 0; lane < V; lane += L) {
            for (int n = lane; n < points; n += PANEL) {
                int p = 3 * n - 2 * lane;
                FloatVector y0 = FloatVector.fromArray(F, tile, p);
                FloatVector y1 = FloatVector.fromArray(F, tile, p + 2 * V);
                FloatVector y2 = FloatVector.fromArray(F, tile, p + 4 * V);
                FloatVector u = y0.sub(a0);
                FloatVector s = u.mul(u);
                u = y1.sub(a1);
                s = u.fma(u, s);
                u = y2.sub(a2);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n);
                u = y0.sub(b0);
                s = u.mul(u);
                u = y1.sub(b1);
                s = u.fma(u, s);
                u = y2.sub(b2);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + points);
                u = y0.sub(c0);
                s = u.mul(u);
                u = y1.sub(c1);
                s = u.fma(u, s);
                u = y2.sub(c2);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + 2 * points);
                u = y0.sub(d0);
                s = u.mul(u);
                u = y1.sub(d1);
                s = u.fma(u, s);
                u = y2.sub(d2);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + 3 * points);
                y0 = FloatVector.fromArray(F, tile, p + V);
                y1 = FloatVector.fromArray(F, tile, p + 3 * V);
                y2 = FloatVector.fromArray(F, tile, p + 5 * V);
                u = y0.sub(a0);
                s = u.mul(u);
                u = y1.sub(a1);
                s = u.fma(u, s);
                u = y2.sub(a2);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V);
                u = y0.sub(b0);
                s = u.mul(u);
                u = y1.sub(b1);
                s = u.fma(u, s);
                u = y2.sub(b2);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V + points);
                u = y0.sub(c0);
                s = u.mul(u);
                u = y1.sub(c1);
                s = u.fma(u, s);
                u = y2.sub(c2);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V + 2 * points);
                u = y0.sub(d0);
                s = u.mul(u);
                u = y1.sub(d1);
                s = u.fma(u, s);
                u = y2.sub(d2);
                s = u.fma(u, s);
                (scaled ? s.mul(factor) : s).intoArray(squares, n + V + 3 * points);
            }
        }
    }

    private static void squaresOfMany(float[] rows, int at, int dimension, float[] tile, int points, float factor, float[] squares) {
        int paired = VectorSupport.MANY_REGISTERS ? points & -2 * PANEL : 0;
        for (int lane = 0; lane < V; lane += L) {
            for (int n = lane; n < paired; n += 2 * PANEL) {
                squaresOfPanelPair(rows, at, dimension, tile, (n - lane) * dimension + lane, factor, squares, n, points);
            }
        }
        squaresOfPanels(rows, at, dimension, tile, paired, points, factor, squares);
    }

    /**
     * Two panels against four rows: sixteen chains, four loads of points for sixteen differences, for 32 registers. A method of its own,
     * too long to be inlined, so that the loop around it takes no registers.
     */
    private static void squaresOfPanelPair(float[] rows, int at, int dimension, float[] tile, int p, float factor, float[] squares, int n,
            int points) {
        FloatVector a0 = FloatVector.zero(F);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector c3 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector d2 = a0;
        FloatVector d3 = a0;
        int q = p + PANEL * dimension;
        for (int k = 0; k < dimension; k++) {
            FloatVector y0 = FloatVector.fromArray(F, tile, p + k * PANEL);
            FloatVector y1 = FloatVector.fromArray(F, tile, p + k * PANEL + V);
            FloatVector y2 = FloatVector.fromArray(F, tile, q + k * PANEL);
            FloatVector y3 = FloatVector.fromArray(F, tile, q + k * PANEL + V);
            FloatVector x = FloatVector.broadcast(F, rows[at + ROWS * k]);
            FloatVector u = y0.sub(x);
            a0 = u.fma(u, a0);
            u = y1.sub(x);
            a1 = u.fma(u, a1);
            u = y2.sub(x);
            a2 = u.fma(u, a2);
            u = y3.sub(x);
            a3 = u.fma(u, a3);
            x = FloatVector.broadcast(F, rows[at + ROWS * k + 1]);
            u = y0.sub(x);
            b0 = u.fma(u, b0);
            u = y1.sub(x);
            b1 = u.fma(u, b1);
            u = y2.sub(x);
            b2 = u.fma(u, b2);
            u = y3.sub(x);
            b3 = u.fma(u, b3);
            x = FloatVector.broadcast(F, rows[at + ROWS * k + 2]);
            u = y0.sub(x);
            c0 = u.fma(u, c0);
            u = y1.sub(x);
            c1 = u.fma(u, c1);
            u = y2.sub(x);
            c2 = u.fma(u, c2);
            u = y3.sub(x);
            c3 = u.fma(u, c3);
            x = FloatVector.broadcast(F, rows[at + ROWS * k + 3]);
            u = y0.sub(x);
            d0 = u.fma(u, d0);
            u = y1.sub(x);
            d1 = u.fma(u, d1);
            u = y2.sub(x);
            d2 = u.fma(u, d2);
            u = y3.sub(x);
            d3 = u.fma(u, d3);
        }
        if (factor != 1f) {
            a0 = a0.mul(factor);
            a1 = a1.mul(factor);
            a2 = a2.mul(factor);
            a3 = a3.mul(factor);
            b0 = b0.mul(factor);
            b1 = b1.mul(factor);
            b2 = b2.mul(factor);
            b3 = b3.mul(factor);
            c0 = c0.mul(factor);
            c1 = c1.mul(factor);
            c2 = c2.mul(factor);
            c3 = c3.mul(factor);
            d0 = d0.mul(factor);
            d1 = d1.mul(factor);
            d2 = d2.mul(factor);
            d3 = d3.mul(factor);
        }
        a0.intoArray(squares, n);
        b0.intoArray(squares, n + points);
        c0.intoArray(squares, n + 2 * points);
        d0.intoArray(squares, n + 3 * points);
        a1.intoArray(squares, n + V);
        b1.intoArray(squares, n + V + points);
        c1.intoArray(squares, n + V + 2 * points);
        d1.intoArray(squares, n + V + 3 * points);
        a2.intoArray(squares, n + PANEL);
        b2.intoArray(squares, n + PANEL + points);
        c2.intoArray(squares, n + PANEL + 2 * points);
        d2.intoArray(squares, n + PANEL + 3 * points);
        a3.intoArray(squares, n + PANEL + V);
        b3.intoArray(squares, n + PANEL + V + points);
        c3.intoArray(squares, n + PANEL + V + 2 * points);
        d3.intoArray(squares, n + PANEL + V + 3 * points);
    }

    /** The same with one panel at a time, from a first one on. */
    private static void squaresOfPanels(float[] rows, int at, int dimension, float[] tile, int first, int points, float factor,
            float[] squares) {
        for (int lane = 0; lane < V; lane += L) {
            for (int n = first + lane; n < points; n += PANEL) {
                int p = (n - lane) * dimension + lane;
                FloatVector a0 = FloatVector.zero(F);
                FloatVector a1 = a0;
                FloatVector b0 = a0;
                FloatVector b1 = a0;
                FloatVector c0 = a0;
                FloatVector c1 = a0;
                FloatVector d0 = a0;
                FloatVector d1 = a0;
                for (int k = 0; k < dimension; k++) {
                    FloatVector y0 = FloatVector.fromArray(F, tile, p + k * PANEL);
                    FloatVector y1 = FloatVector.fromArray(F, tile, p + k * PANEL + V);
                    FloatVector x = FloatVector.broadcast(F, rows[at + ROWS * k]);
                    FloatVector u = y0.sub(x);
                    a0 = u.fma(u, a0);
                    u = y1.sub(x);
                    a1 = u.fma(u, a1);
                    x = FloatVector.broadcast(F, rows[at + ROWS * k + 1]);
                    u = y0.sub(x);
                    b0 = u.fma(u, b0);
                    u = y1.sub(x);
                    b1 = u.fma(u, b1);
                    x = FloatVector.broadcast(F, rows[at + ROWS * k + 2]);
                    u = y0.sub(x);
                    c0 = u.fma(u, c0);
                    u = y1.sub(x);
                    c1 = u.fma(u, c1);
                    x = FloatVector.broadcast(F, rows[at + ROWS * k + 3]);
                    u = y0.sub(x);
                    d0 = u.fma(u, d0);
                    u = y1.sub(x);
                    d1 = u.fma(u, d1);
                }
                a0.mul(factor).intoArray(squares, n);
                b0.mul(factor).intoArray(squares, n + points);
                c0.mul(factor).intoArray(squares, n + 2 * points);
                d0.mul(factor).intoArray(squares, n + 3 * points);
                a1.mul(factor).intoArray(squares, n + V);
                b1.mul(factor).intoArray(squares, n + V + points);
                c1.mul(factor).intoArray(squares, n + V + 2 * points);
                d1.mul(factor).intoArray(squares, n + V + 3 * points);
            }
        }
    }

    public static void products(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] rowNorms, int rowNormsAt,
            float[] norms, int normsAt, float[] squares) {
        int paired = VectorSupport.MANY_REGISTERS ? points & -2 * PANEL : 0;
        for (int lane = 0; lane < V; lane += L) {
            for (int n = lane; n < paired; n += 2 * PANEL) {
                productsOfPanelPair(rows, rowsAt, dimension, tile, (n - lane) * dimension + lane, rowNorms, rowNormsAt, norms, normsAt,
                    squares, n, points);
            }
        }
        productsOfPanels(rows, rowsAt, dimension, tile, paired, points, rowNorms, rowNormsAt, norms, normsAt, squares);
    }

    /** The same by products. */
    private static void productsOfPanelPair(float[] rows, int at, int dimension, float[] tile, int p, float[] rowNorms, int rowNormsAt,
            float[] norms, int normsAt, float[] squares, int n, int points) {
        FloatVector a0 = FloatVector.broadcast(F, rowNorms[rowNormsAt + 0]);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = FloatVector.broadcast(F, rowNorms[rowNormsAt + 1]);
        FloatVector b1 = b0;
        FloatVector b2 = b0;
        FloatVector b3 = b0;
        FloatVector c0 = FloatVector.broadcast(F, rowNorms[rowNormsAt + 2]);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector d0 = FloatVector.broadcast(F, rowNorms[rowNormsAt + 3]);
        FloatVector d1 = d0;
        FloatVector d2 = d0;
        FloatVector d3 = d0;
        int q = p + PANEL * dimension;
        for (int k = 0; k < dimension; k++) {
            FloatVector y0 = FloatVector.fromArray(F, tile, p + k * PANEL);
            FloatVector y1 = FloatVector.fromArray(F, tile, p + k * PANEL + V);
            FloatVector y2 = FloatVector.fromArray(F, tile, q + k * PANEL);
            FloatVector y3 = FloatVector.fromArray(F, tile, q + k * PANEL + V);
            FloatVector x = FloatVector.broadcast(F, rows[at + ROWS * k]);
            a0 = x.fma(y0, a0);
            a1 = x.fma(y1, a1);
            a2 = x.fma(y2, a2);
            a3 = x.fma(y3, a3);
            x = FloatVector.broadcast(F, rows[at + ROWS * k + 1]);
            b0 = x.fma(y0, b0);
            b1 = x.fma(y1, b1);
            b2 = x.fma(y2, b2);
            b3 = x.fma(y3, b3);
            x = FloatVector.broadcast(F, rows[at + ROWS * k + 2]);
            c0 = x.fma(y0, c0);
            c1 = x.fma(y1, c1);
            c2 = x.fma(y2, c2);
            c3 = x.fma(y3, c3);
            x = FloatVector.broadcast(F, rows[at + ROWS * k + 3]);
            d0 = x.fma(y0, d0);
            d1 = x.fma(y1, d1);
            d2 = x.fma(y2, d2);
            d3 = x.fma(y3, d3);
        }
        FloatVector norm = FloatVector.fromArray(F, norms, normsAt + n);
        a0.add(norm).intoArray(squares, n);
        b0.add(norm).intoArray(squares, n + points);
        c0.add(norm).intoArray(squares, n + 2 * points);
        d0.add(norm).intoArray(squares, n + 3 * points);
        norm = FloatVector.fromArray(F, norms, normsAt + n + V);
        a1.add(norm).intoArray(squares, n + V);
        b1.add(norm).intoArray(squares, n + V + points);
        c1.add(norm).intoArray(squares, n + V + 2 * points);
        d1.add(norm).intoArray(squares, n + V + 3 * points);
        norm = FloatVector.fromArray(F, norms, normsAt + n + PANEL);
        a2.add(norm).intoArray(squares, n + PANEL);
        b2.add(norm).intoArray(squares, n + PANEL + points);
        c2.add(norm).intoArray(squares, n + PANEL + 2 * points);
        d2.add(norm).intoArray(squares, n + PANEL + 3 * points);
        norm = FloatVector.fromArray(F, norms, normsAt + n + PANEL + V);
        a3.add(norm).intoArray(squares, n + PANEL + V);
        b3.add(norm).intoArray(squares, n + PANEL + V + points);
        c3.add(norm).intoArray(squares, n + PANEL + V + 2 * points);
        d3.add(norm).intoArray(squares, n + PANEL + V + 3 * points);
    }

    /** The same with one panel at a time, from a first one on. */
    private static void productsOfPanels(float[] rows, int at, int dimension, float[] tile, int first, int points,
            float[] rowNorms, int rowNormsAt, float[] norms, int normsAt, float[] squares) {
        for (int lane = 0; lane < V; lane += L) {
            for (int n = first + lane; n < points; n += PANEL) {
                int p = (n - lane) * dimension + lane;
                FloatVector a0 = FloatVector.broadcast(F, rowNorms[rowNormsAt + 0]);
                FloatVector a1 = a0;
                FloatVector b0 = FloatVector.broadcast(F, rowNorms[rowNormsAt + 1]);
                FloatVector b1 = b0;
                FloatVector c0 = FloatVector.broadcast(F, rowNorms[rowNormsAt + 2]);
                FloatVector c1 = c0;
                FloatVector d0 = FloatVector.broadcast(F, rowNorms[rowNormsAt + 3]);
                FloatVector d1 = d0;
                for (int k = 0; k < dimension; k++) {
                    FloatVector y0 = FloatVector.fromArray(F, tile, p + k * PANEL);
                    FloatVector y1 = FloatVector.fromArray(F, tile, p + k * PANEL + V);
                    FloatVector x = FloatVector.broadcast(F, rows[at + ROWS * k]);
                    a0 = x.fma(y0, a0);
                    a1 = x.fma(y1, a1);
                    x = FloatVector.broadcast(F, rows[at + ROWS * k + 1]);
                    b0 = x.fma(y0, b0);
                    b1 = x.fma(y1, b1);
                    x = FloatVector.broadcast(F, rows[at + ROWS * k + 2]);
                    c0 = x.fma(y0, c0);
                    c1 = x.fma(y1, c1);
                    x = FloatVector.broadcast(F, rows[at + ROWS * k + 3]);
                    d0 = x.fma(y0, d0);
                    d1 = x.fma(y1, d1);
                }
                FloatVector norm = FloatVector.fromArray(F, norms, normsAt + n);
                a0.add(norm).intoArray(squares, n);
                b0.add(norm).intoArray(squares, n + points);
                c0.add(norm).intoArray(squares, n + 2 * points);
                d0.add(norm).intoArray(squares, n + 3 * points);
                norm = FloatVector.fromArray(F, norms, normsAt + n + V);
                a1.add(norm).intoArray(squares, n + V);
                b1.add(norm).intoArray(squares, n + V + points);
                c1.add(norm).intoArray(squares, n + V + 2 * points);
                d1.add(norm).intoArray(squares, n + V + 3 * points);
            }
        }
    }

    public static void differences(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] coefficients, int first,
            int count, float[] lanes) {
        if (count == 2) {
            differences2(rows, rowsAt, dimension, tile, points, coefficients, first, lanes);
        } else {
            differences1(rows, rowsAt, dimension, tile, points, coefficients, first, lanes);
        }
    }

    private static void differences1(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] coefficients, int first,
            float[] lanes) {
        int at = rowsAt + ROWS * first;
        float xa0 = rows[at];
        float xb0 = rows[at + 1];
        float xc0 = rows[at + 2];
        float xd0 = rows[at + 3];
        for (int lane = 0; lane < V; lane += L) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector b0 = a0;
            FloatVector c0 = a0;
            FloatVector d0 = a0;
            int p = first * PANEL + lane;
            for (int n = lane; n < points; n += PANEL) {
                FloatVector y0 = FloatVector.fromArray(F, tile, p);
                FloatVector k = FloatVector.fromArray(F, coefficients, n);
                a0 = k.fma(y0.sub(xa0), a0);
                k = FloatVector.fromArray(F, coefficients, n + points);
                b0 = k.fma(y0.sub(xb0), b0);
                k = FloatVector.fromArray(F, coefficients, n + 2 * points);
                c0 = k.fma(y0.sub(xc0), c0);
                k = FloatVector.fromArray(F, coefficients, n + 3 * points);
                d0 = k.fma(y0.sub(xd0), d0);
                y0 = FloatVector.fromArray(F, tile, p + V);
                k = FloatVector.fromArray(F, coefficients, n + V);
                a0 = k.fma(y0.sub(xa0), a0);
                k = FloatVector.fromArray(F, coefficients, n + V + points);
                b0 = k.fma(y0.sub(xb0), b0);
                k = FloatVector.fromArray(F, coefficients, n + V + 2 * points);
                c0 = k.fma(y0.sub(xc0), c0);
                k = FloatVector.fromArray(F, coefficients, n + V + 3 * points);
                d0 = k.fma(y0.sub(xd0), d0);
                p += dimension * PANEL;
            }
            a0.intoArray(lanes, lane);
            b0.intoArray(lanes, V + lane);
            c0.intoArray(lanes, 2 * V + lane);
            d0.intoArray(lanes, 3 * V + lane);
        }
    }

    private static void differences2(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] coefficients, int first,
            float[] lanes) {
        int at = rowsAt + ROWS * first;
        float xa0 = rows[at];
        float xb0 = rows[at + 1];
        float xc0 = rows[at + 2];
        float xd0 = rows[at + 3];
        float xa1 = rows[at + 4];
        float xb1 = rows[at + 5];
        float xc1 = rows[at + 6];
        float xd1 = rows[at + 7];
        for (int lane = 0; lane < V; lane += L) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector b0 = a0;
            FloatVector c0 = a0;
            FloatVector d0 = a0;
            FloatVector a1 = a0;
            FloatVector b1 = a0;
            FloatVector c1 = a0;
            FloatVector d1 = a0;
            int p = first * PANEL + lane;
            for (int n = lane; n < points; n += PANEL) {
                FloatVector y0 = FloatVector.fromArray(F, tile, p);
                FloatVector y1 = FloatVector.fromArray(F, tile, p + 2 * V);
                FloatVector k = FloatVector.fromArray(F, coefficients, n);
                a0 = k.fma(y0.sub(xa0), a0);
                a1 = k.fma(y1.sub(xa1), a1);
                k = FloatVector.fromArray(F, coefficients, n + points);
                b0 = k.fma(y0.sub(xb0), b0);
                b1 = k.fma(y1.sub(xb1), b1);
                k = FloatVector.fromArray(F, coefficients, n + 2 * points);
                c0 = k.fma(y0.sub(xc0), c0);
                c1 = k.fma(y1.sub(xc1), c1);
                k = FloatVector.fromArray(F, coefficients, n + 3 * points);
                d0 = k.fma(y0.sub(xd0), d0);
                d1 = k.fma(y1.sub(xd1), d1);
                y0 = FloatVector.fromArray(F, tile, p + V);
                y1 = FloatVector.fromArray(F, tile, p + 3 * V);
                k = FloatVector.fromArray(F, coefficients, n + V);
                a0 = k.fma(y0.sub(xa0), a0);
                a1 = k.fma(y1.sub(xa1), a1);
                k = FloatVector.fromArray(F, coefficients, n + V + points);
                b0 = k.fma(y0.sub(xb0), b0);
                b1 = k.fma(y1.sub(xb1), b1);
                k = FloatVector.fromArray(F, coefficients, n + V + 2 * points);
                c0 = k.fma(y0.sub(xc0), c0);
                c1 = k.fma(y1.sub(xc1), c1);
                k = FloatVector.fromArray(F, coefficients, n + V + 3 * points);
                d0 = k.fma(y0.sub(xd0), d0);
                d1 = k.fma(y1.sub(xd1), d1);
                p += dimension * PANEL;
            }
            a0.intoArray(lanes, lane);
            b0.intoArray(lanes, V + lane);
            c0.intoArray(lanes, 2 * V + lane);
            d0.intoArray(lanes, 3 * V + lane);
            a1.intoArray(lanes, 4 * V + lane);
            b1.intoArray(lanes, 5 * V + lane);
            c1.intoArray(lanes, 6 * V + lane);
            d1.intoArray(lanes, 7 * V + lane);
        }
    }

    public static void pointDifferences(float[] rows, int rowsAt, int stride, float[] points, int count, float[] coefficients, int padded,
            float[] sums) {
        int d = 0;
        for (; d <= stride - 2 * L; d += 2 * L) {
            FloatVector xa0 = FloatVector.fromArray(F, rows, rowsAt + d);
            FloatVector xa1 = FloatVector.fromArray(F, rows, rowsAt + d + L);
            FloatVector xb0 = FloatVector.fromArray(F, rows, rowsAt + stride + d);
            FloatVector xb1 = FloatVector.fromArray(F, rows, rowsAt + stride + d + L);
            FloatVector xc0 = FloatVector.fromArray(F, rows, rowsAt + 2 * stride + d);
            FloatVector xc1 = FloatVector.fromArray(F, rows, rowsAt + 2 * stride + d + L);
            FloatVector xd0 = FloatVector.fromArray(F, rows, rowsAt + 3 * stride + d);
            FloatVector xd1 = FloatVector.fromArray(F, rows, rowsAt + 3 * stride + d + L);
            FloatVector a0 = FloatVector.zero(F);
            FloatVector a1 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector c0 = a0;
            FloatVector c1 = a0;
            FloatVector d0 = a0;
            FloatVector d1 = a0;
            int p = d;
            for (int n = 0; n < count; n++) {
                FloatVector y0 = FloatVector.fromArray(F, points, p);
                FloatVector y1 = FloatVector.fromArray(F, points, p + L);
                FloatVector c = FloatVector.broadcast(F, coefficients[n]);
                a0 = c.fma(y0.sub(xa0), a0);
                a1 = c.fma(y1.sub(xa1), a1);
                c = FloatVector.broadcast(F, coefficients[padded + n]);
                b0 = c.fma(y0.sub(xb0), b0);
                b1 = c.fma(y1.sub(xb1), b1);
                c = FloatVector.broadcast(F, coefficients[2 * padded + n]);
                c0 = c.fma(y0.sub(xc0), c0);
                c1 = c.fma(y1.sub(xc1), c1);
                c = FloatVector.broadcast(F, coefficients[3 * padded + n]);
                d0 = c.fma(y0.sub(xd0), d0);
                d1 = c.fma(y1.sub(xd1), d1);
                p += stride;
            }
            a0.intoArray(sums, d);
            a1.intoArray(sums, d + L);
            b0.intoArray(sums, stride + d);
            b1.intoArray(sums, stride + d + L);
            c0.intoArray(sums, 2 * stride + d);
            c1.intoArray(sums, 2 * stride + d + L);
            d0.intoArray(sums, 3 * stride + d);
            d1.intoArray(sums, 3 * stride + d + L);
        }
        if (d < stride) {
            pointDifferences1(rows, rowsAt, stride, d, points, count, coefficients, padded, sums);
        }
    }

    private static void pointDifferences1(float[] rows, int rowsAt, int stride, int d, float[] points, int count, float[] coefficients,
            int padded, float[] sums) {
        FloatVector xa = FloatVector.fromArray(F, rows, rowsAt + d);
        FloatVector xb = FloatVector.fromArray(F, rows, rowsAt + stride + d);
        FloatVector xc = FloatVector.fromArray(F, rows, rowsAt + 2 * stride + d);
        FloatVector xd = FloatVector.fromArray(F, rows, rowsAt + 3 * stride + d);
        FloatVector a = FloatVector.zero(F);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector e = a;
        int p = d;
        for (int n = 0; n < count; n++) {
            FloatVector y = FloatVector.fromArray(F, points, p);
            a = y.sub(xa).fma(FloatVector.broadcast(F, coefficients[n]), a);
            b = y.sub(xb).fma(FloatVector.broadcast(F, coefficients[padded + n]), b);
            c = y.sub(xc).fma(FloatVector.broadcast(F, coefficients[2 * padded + n]), c);
            e = y.sub(xd).fma(FloatVector.broadcast(F, coefficients[3 * padded + n]), e);
            p += stride;
        }
        a.intoArray(sums, d);
        b.intoArray(sums, stride + d);
        c.intoArray(sums, 2 * stride + d);
        e.intoArray(sums, 3 * stride + d);
    }
}
