package org.pontoon.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A strict little JSON parser: what the commands print is held against it. */
public final class JsonReader {

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    public static Object value(String text) {
        JsonReader reader = new JsonReader(text.strip());
        Object value = reader.value();
        reader.require(reader.at == reader.text.length(), "the end");
        return value;
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(String text) {
        return (Map<String, Object>) value(text);
    }

    private Object value() {
        skip();
        char c = peek();
        if (c == '{') {
            Map<String, Object> map = new LinkedHashMap<>();
            at++;
            while (!accept('}')) {
                require(map.isEmpty() || accept(','), "a comma");
                skip();
                String name = string();
                require(accept(':'), "a colon");
                require(map.put(name, value()) == null || map.get(name) == null, "no name twice: " + name);
            }
            return map;
        }
        if (c == '[') {
            List<Object> list = new ArrayList<>();
            at++;
            while (!accept(']')) {
                require(list.isEmpty() || accept(','), "a comma");
                list.add(value());
            }
            return list;
        }
        if (c == '"') {
            return string();
        }
        int start = at;
        while (at < text.length() && ",]} \n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> {
                require(word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?"), "a number instead of " + word);
                yield Double.valueOf(word);
            }
        };
    }

    private String string() {
        require(peek() == '"', "a string");
        StringBuilder value = new StringBuilder();
        for (at++; peek() != '"'; at++) {
            char c = peek();
            require(c >= 0x20, "no control character");
            if (c == '\\') {
                at++;
                if (peek() == 'u') {
                    value.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                    at += 4;
                } else {
                    int escape = "\"\\/bfnrt".indexOf(peek());
                    require(escape >= 0, "an escape");
                    value.append("\"\\/\b\f\n\r\t".charAt(escape));
                }
            } else {
                value.append(c);
            }
        }
        at++;
        return value.toString();
    }

    private boolean accept(char c) {
        skip();
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    private char peek() {
        require(at < text.length(), "more");
        return text.charAt(at);
    }

    private void skip() {
        while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void require(boolean condition, String expected) {
        if (!condition) {
            throw new IllegalArgumentException("expected " + expected + " at character " + at + " of " + text);
        }
    }
}
