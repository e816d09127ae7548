package org.pontoon.engine.file;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What the header of a stored array says about it.
 *
 * @param name name of the array inside an archive; empty for a file that holds a single one
 * @param dtype numpy's name of the element type with its byte order, for example {@code <f4}
 * @param shape lengths of the axes, empty for a single value
 * @param fortranOrder true if the first axis varies fastest in the file, false if the last one does
 * @param offset first byte of the values, counted from the first byte of the array's header
 */
public record ArrayDescription(String name, String dtype, List<Long> shape, boolean fortranOrder, long offset) {

    /**
     * Makes a description.
     *
     * @throws NullPointerException if something is null
     */
    public ArrayDescription {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(dtype, "dtype");
        shape = List.copyOf(shape);
    }

    /**
     * Returns the shape as numpy prints it, for example {@code (3, 2)}, {@code (3,)} or {@code ()}.
     *
     * @return the shape in words
     */
    public String shapeText() {
        return shapeText(shape);
    }

    static String shapeText(List<Long> shape) {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", shape.size() == 1 ? ",)" : ")"));
    }
}
