package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void whatIsWrittenIsReadAgain() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a \"quoted\" \\ line\nand a tab\t, µ");
        map.put("number", -1.25e-3);
        map.put("yes", true);
        map.put("nothing", null);
        map.put("list", new ArrayList<>(Arrays.asList(1.0, "two", List.of(), Map.of())));
        assertThat(Json.parse(Json.write(map))).isEqualTo(map);
        assertThat(Json.parseObject(Json.line(map))).isEqualTo(map);
        assertThat(Json.line(map)).doesNotContain("\n");
    }

    @Test
    void whatPythonPrintsIsRead() {
        Map<String, Object> answer = Json
            .parseObject("{\"peer\": \"x\", \"steps\": 2000, \"seconds\": 4.5e-05, \"versions\": {\"numpy\": \"1.24\"},"
                + " \"objective\": null, \"u\": \"\\u00b5\\/\"}\n");
        assertThat(answer).containsEntry("steps", 2000.0).containsEntry("seconds", 4.5e-5)
            .containsEntry("versions", Map.of("numpy", "1.24"))
            .containsEntry("objective", null).containsEntry("u", "µ/");
    }

    @Test
    void numbersThatJsonCannotHoldAreNull() {
        assertThat(Json.line(List.of(Double.NaN, Double.POSITIVE_INFINITY, 1, 2L))).isEqualTo("[null, null, 1, 2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\"}", "{\"a\": }", "[1, 2", "\"open", "\"\\x\"", "nul", "1 2", "{} {}", "-",
        "Traceback (most recent"})
    void brokenTextIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text));
    }

    @Test
    void typesWithoutAFormAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.write(new Object()));
    }
}
