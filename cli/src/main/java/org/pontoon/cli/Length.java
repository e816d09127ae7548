package org.pontoon.cli;

import org.pontoon.cli.report.BadInput;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.transport.BoundingBox;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A length as an option gives it: in the unit of the coordinates, or as a percentage of the diagonal of the clouds' bounding box.
 *
 * @param number of units, or of per cent
 * @param relative whether it is a percentage
 */
record Length(double number, boolean relative) {

    /** How help texts call it. */
    static final String EITHER = "a number in the unit of the coordinates, or a percentage of the diagonal of the bounding box of both "
        + "clouds";

    /** Reads {@code 0.05} or {@code 5%}. */
    static final class Converter implements ITypeConverter<Length> {

        @Override
        public Length convert(String text) {
            boolean relative = text.endsWith("%");
            try {
                return new Length(Double.parseDouble(relative ? text.substring(0, text.length() - 1) : text), relative);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is neither a number nor a percentage");
            }
        }
    }

    /** Refuses what is not positive and finite; null passes. */
    static void check(String option, Length length) {
        BadInput.unless(length == null || length.number > 0 && length.number < Double.POSITIVE_INFINITY,
            "%s is %s, expected a positive number or percentage", option, length);
    }

    /** The length between two clouds, of which the second may be null, in the unit that they were placed in. */
    double between(String option, Placement placement, PointCloud x, PointCloud y) {
        if (!relative) {
            return InFileUnits.length(option, number, placement);
        }
        double diagonal = BoundingBox.of(x, y == null ? x : y).diagonal();
        BadInput.unless(diagonal > 0, "%s is %s, but all points coincide; expected a length", option, this);
        return number / 100 * diagonal;
    }

    @Override
    public String toString() {
        return relative ? number + "%" : Double.toString(number);
    }
}
