package org.pontoon.cli.report;

import java.util.Locale;
import java.util.Map;

/** Writes plain values for people. */
final class Text {

    private Text() {
    }

    /** Formats numbers to at most six significant digits, a missing value as a dash, lists and maps on one line. */
    static String of(Object value) {
        return switch (value) {
            case null -> "–";
            case Double d -> number(d);
            case Float f -> number(f);
            case Map<?, ?> map -> {
                StringBuilder line = new StringBuilder();
                map.forEach((name, v) -> line.append(line.isEmpty() ? "" : ", ").append(name).append(' ').append(of(v)));
                yield line.toString();
            }
            case Iterable<?> values -> {
                StringBuilder line = new StringBuilder();
                values.forEach(v -> line.append(line.isEmpty() ? "" : ", ").append(of(v)));
                yield line.toString();
            }
            default -> value.toString();
        };
    }

    static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinity" : "-infinity";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e7)) {
            return String.format(Locale.ROOT, "%.3e", value).replaceFirst("\\.?0+e", "e");
        }
        int decimals = size == 0 ? 0 : Math.clamp(5 - (int) Math.floor(Math.log10(size)), 0, 8);
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
