package org.pontoon.validation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the golden file: objects, arrays, numbers and strings without escapes. */
final class Json {

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Map<?, ?> parse(String text) {
        return (Map<?, ?>) new Json(text).value();
    }

    /** All numbers below a value, in order. */
    static double[] numbers(Object value) {
        List<Double> flat = new ArrayList<>();
        flatten(value, flat);
        return flat.stream().mapToDouble(v -> v).toArray();
    }

    private static void flatten(Object value, List<Double> flat) {
        if (value instanceof List<?> list) {
            list.forEach(v -> flatten(v, flat));
        } else {
            flat.add((Double) value);
        }
    }

    private char next() {
        while (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == ',' || text.charAt(at) == ':') {
            at++;
        }
        return text.charAt(at);
    }

    private Object value() {
        char c = next();
        if (c == '{') {
            at++;
            Map<Object, Object> map = new LinkedHashMap<>();
            while (next() != '}') {
                Object key = value();
                map.put(key, value());
            }
            at++;
            return map;
        }
        if (c == '[') {
            at++;
            List<Object> list = new ArrayList<>();
            while (next() != ']') {
                list.add(value());
            }
            at++;
            return list;
        }
        if (c == '"') {
            int end = text.indexOf('"', at + 1);
            String string = text.substring(at + 1, end);
            at = end + 1;
            return string;
        }
        int start = at;
        while ("+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return Double.valueOf(text.substring(start, at));
    }
}
