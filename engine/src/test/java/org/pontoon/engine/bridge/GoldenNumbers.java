package org.pontoon.engine.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of a golden file by section and key; nested arrays come flat. */
final class GoldenNumbers {

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

    private final String section;

    GoldenNumbers(String sectionName) {
        try (InputStream in = GoldenNumbers.class.getResourceAsStream("lightsb.json")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int start = all.indexOf("\"" + sectionName + "\"");
            int end = sectionName.equals("diagonal") ? all.indexOf("\"full\"") : all.length();
            section = all.substring(start, end);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    double[] get(String key) {
        int at = section.indexOf("\"" + key + "\":") + key.length() + 3;
        int depth = 0;
        int end = at;
        do {
            char c = section.charAt(end++);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        } while (depth > 0 || section.charAt(end) != ',' && section.charAt(end) != '\n');
        Matcher m = NUMBER.matcher(section.substring(at, end));
        return m.results().mapToDouble(r -> Double.parseDouble(r.group())).toArray();
    }

    double number(String key) {
        return get(key)[0];
    }

    static double[] row(double[] values, int row, int width) {
        return java.util.Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }
}
