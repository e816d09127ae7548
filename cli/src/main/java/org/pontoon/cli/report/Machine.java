package org.pontoon.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.pontoon.engine.internal.vector.VectorSupport;

/** What results were computed on. */
public final class Machine {

    private Machine() {
    }

    /**
     * Describes this machine.
     *
     * @return names in camel case and values
     */
    public static Map<String, Object> describe() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("java", Runtime.version().toString());
        machine.put("vm", System.getProperty("java.vm.name"));
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        machine.put("processor", processor());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("vectors", VectorSupport.describe());
        machine.put("heapMegabytes", Runtime.getRuntime().maxMemory() >> 20);
        return machine;
    }

    /**
     * Names the processor.
     *
     * @return its model name, or its architecture where the system does not tell
     */
    public static String processor() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            // Not Linux.
        }
        return System.getProperty("os.arch");
    }
}
