package org.pontoon.cli.report;

import java.util.Map;

/** Writes plain values as JSON (RFC 8259). */
public final class Json {

    private Json() {
    }

    /**
     * Formats a value.
     *
     * @param value null, a boolean, a number, a map with text keys, an iterable of values, or anything else for its text; NaN and infinity
     *     become null, which is the only thing JSON has for them
     * @return one line of JSON
     */
    public static String of(Object value) {
        StringBuilder json = new StringBuilder();
        append(json, value);
        return json.toString();
    }

    private static void append(StringBuilder json, Object value) {
        switch (value) {
            case null -> json.append("null");
            case Boolean b -> json.append(b);
            case Double d -> json.append(Double.isFinite(d) ? d.toString() : "null");
            case Float f -> json.append(Float.isFinite(f) ? f.toString() : "null");
            case Number n -> json.append(n);
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.append(separator);
                    quote(json, entry.getKey().toString());
                    json.append(": ");
                    append(json, entry.getValue());
                    separator = ", ";
                }
                json.append(map.isEmpty() ? "{}" : "}");
            }
            case Iterable<?> values -> {
                String separator = "[";
                for (Object element : values) {
                    json.append(separator);
                    append(json, element);
                    separator = ", ";
                }
                json.append(separator.equals("[") ? "[]" : "]");
            }
            default -> quote(json, value.toString());
        }
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c)) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
