package org.pontoon.engine.file;

/**
 * The least and the greatest value of every column of a file, before anything is rounded.
 *
 * @param low least values
 * @param high greatest values
 * @param exact whether every value of the file is a float32
 */
public record ColumnRanges(double[] low, double[] high, boolean exact) {
}
