package org.pontoon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads the sources of the vector rooms and fails on calls that are slow, that allocate, or that give other bits once they are compiled.
 * A line is let through when it, or the line above it, says {@code // allowed: reason}.
 */
class BannedCallsTest {

    private static final List<String> ROOMS = List.of("internal/vector", "internal/kernel", "random", "sort");

    private record Ban(Pattern call, String reason) {}

    private static final List<Ban> BANS = List.of(
        new Ban(Pattern.compile("\\breduceLanes(ToLong)?\\s*\\("),
            "its order of summation changes when C2 compiles it: fold in a fixed order"),
        new Ban(Pattern.compile("\\bVectorOperators\\.(EXP|EXPM1|LOG|LOG10|LOG1P|SIN|COS|TAN|SINH|COSH|TANH|ASIN|ACOS|ATAN|ATAN2|POW|HYPOT"
            + "|CBRT)\\b"), "its bits change when C2 compiles it: use the polynomials of FloatMath"),
        // A static import would hide the name from the rule above.
        new Ban(Pattern.compile("import static jdk\\.incubator\\.vector\\.VectorOperators\\b"),
            "write VectorOperators.NAME, which can be searched"),
        new Ban(Pattern.compile("\\bVectorOperators\\.(MAX|MIN)\\b|(?<!\\bMath|\\bStrictMath|\\bInteger|\\bLong|\\bFloat|\\bDouble)"
            + "\\.(max|min)\\s*\\("), "on vectors it costs three times a compare and blend"),
        new Ban(Pattern.compile("\\bVectorSpecies\\.of\\s*\\(|\\bVectorShape\\.forBitSize\\b|\\bSPECIES_(64|128|256|512|MAX)\\b"),
            "beside a second length, C2 boxes the vectors of other kernels: use the species of VectorSupport"));

    private static final Pattern ALLOWED = Pattern.compile("// allowed: \\S");

    @Test
    void vectorRoomsCallNothingThatIsBanned() throws IOException {
        List<String> findings = new ArrayList<>();
        for (String room : ROOMS) {
            Path folder = Path.of("src/main/java/org/pontoon/engine", room);
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                    findings.addAll(scan(file.toString(), Files.readString(file)));
                }
            }
        }
        assertThat(findings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"float s = v.reduceLanes(VectorOperators.ADD);", "v = v.lanewise(VectorOperators.EXP);",
        "v = v.lanewise(VectorOperators.ATAN2, w);", "m = m.max(v);", "    .min(v);", "v = v.lanewise(VectorOperators.MAX, w);",
        "/* why */ m = m.max(v);", "m = m.max(v); // allowed:", "import static jdk.incubator.vector.VectorOperators.ADD;",
        "VectorSpecies<Float> half = FloatVector.SPECIES_256;"})
    void bannedCallIsFound(String line) {
        assertThat(scan("X.java", "class X {\n" + line + "\n}")).singleElement().asString().startsWith("X.java:2: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"int n = Math.max(a, b);", "int n = Integer.min(a, b);", "v = v.lanewise(VectorOperators.SQRT);",
        "// no reduceLanes(ADD) here", " * {@code v.max(w)}", "m = m.max(v); // allowed: once per tile",
        "// allowed: once per tile\nm = m.max(v);", "/* m.max(v)\n m.max(v) */", "String s = \"v.max(w)\";"})
    void harmlessLineIsLetThrough(String line) {
        assertThat(scan("X.java", "class X {\n" + line + "\n}")).isEmpty();
    }

    @Test
    void vectorsThatLoopsCarryAreNeverReceivers() throws IOException {
        List<String> findings = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/pontoon/engine/internal/vector"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                findings.addAll(carriedReceivers(file.toString(), Files.readString(file)));
            }
        }
        assertThat(findings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FloatVector s = z;\nfor (;;) {\ns = s.add(x);\n}",
        "IntVector s = z;\nwhile (b) {\nif (c) {\ns = s.lanewise(MIN, x);\n}\n}"})
    void aCarriedReceiverIsFound(String body) {
        assertThat(carriedReceivers("X.java", body)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FloatVector s = z;\nfor (;;) {\ns = x.add(s);\n}", "for (;;) {\nFloatVector p = z;\np = p.fma(r, c);\n}",
        "FloatVector s = z;\nfor (;;) {\n}\ns = s.add(x);"})
    void otherReceiversAreLetThrough(String body) {
        assertThat(carriedReceivers("X.java", body)).isEmpty();
    }

    /**
     * Lines in which a vector that was declared before the loop gets its next value from a call on itself. Such a receiver's class depends on
     * the call's own result; without a mature profile C2 does not know it, keeps the call and boxes everything in the loop, for good. Every
     * operation can be turned round.
     */
    private static List<String> carriedReceivers(String name, String source) {
        List<String> findings = new ArrayList<>();
        Map<String, Integer> declaredIn = new HashMap<>();
        Deque<Integer> loops = new ArrayDeque<>();
        int depth = 0;
        String[] lines = source.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String code = lines[i].replaceAll("//.*", "").strip();
            if (code.matches("(for|while)\\b.*")) {
                loops.push(depth);
            }
            Matcher declared = Pattern.compile("(?:Float|Double|Int|Long)Vector (\\w+)( =.*|;)").matcher(code);
            if (declared.matches()) {
                declaredIn.put(declared.group(1), loops.size());
            }
            Matcher updated = Pattern.compile("(\\w+) = \\1\\..*").matcher(code);
            if (updated.matches() && declaredIn.getOrDefault(updated.group(1), loops.size()) < loops.size()) {
                findings.add(name + ":" + (i + 1) + ": " + code);
            }
            depth += code.length() - code.replace("{", "").length() - (code.length() - code.replace("}", "").length());
            while (!loops.isEmpty() && depth <= loops.peek() && code.contains("}")) {
                loops.pop();
            }
        }
        return findings;
    }

    private static List<String> scan(String name, String source) {
        List<String> findings = new ArrayList<>();
        String[] lines = source.split("\n", -1);
        boolean inComment = false;
        for (int i = 0; i < lines.length; i++) {
            String code = lines[i].replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\"").replaceAll("/\\*.*?\\*/", " ");
            if (inComment) {
                int end = code.indexOf("*/");
                inComment = end < 0;
                code = end < 0 ? "" : code.substring(end + 2);
            }
            code = code.replaceAll("//.*", "");
            int start = code.indexOf("/*");
            if (start >= 0) {
                inComment = true;
                code = code.substring(0, start);
            }
            if (code.stripLeading().startsWith("*")) {
                code = "";
            }
            boolean allowed = ALLOWED.matcher(lines[i]).find() || i > 0 && ALLOWED.matcher(lines[i - 1]).find();
            for (Ban ban : BANS) {
                if (!allowed && ban.call.matcher(code).find()) {
                    findings.add(name + ":" + (i + 1) + ": " + code.strip() + " -- " + ban.reason);
                }
            }
        }
        return findings;
    }
}
