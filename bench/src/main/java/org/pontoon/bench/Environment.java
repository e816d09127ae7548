package org.pontoon.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * What a report says about the machine: enough to judge and to repeat its numbers, and nothing that names the host, its user or its
 * folders.
 */
final class Environment {

    private static final Pattern VERSION = Pattern.compile("^[0-9]+(\\.[0-9]+)*");

    private Environment() {
    }

    /** Describes machine and JVM. */
    static Map<String, Object> capture() {
        Map<String, Object> cpu = new LinkedHashMap<>();
        String info = read("/proc/cpuinfo");
        List<String> flags = Arrays.asList(field(info, "flags").split(" "));
        cpu.put("model", field(info, "model name"));
        cpu.put("architecture", System.getProperty("os.arch"));
        cpu.put("processors", Runtime.getRuntime().availableProcessors());
        cpu.put("virtual", flags.contains("hypervisor"));
        cpu.put("caches", caches());
        cpu.put("governor", orUnknown(read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")));
        cpu.put("flags", flags);

        Map<String, Object> system = new LinkedHashMap<>();
        system.put("name", System.getProperty("os.name"));
        Matcher version = VERSION.matcher(System.getProperty("os.version"));
        system.put("kernel", version.find() ? version.group() : "unknown");
        system.put("memoryBytes", ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize());
        system.put("transparentHugePages", chosen(read("/sys/kernel/mm/transparent_hugepage/enabled")));

        Map<String, Object> jdk = new LinkedHashMap<>();
        jdk.put("version", Runtime.version().toString());
        jdk.put("vendor", System.getProperty("java.vendor"));
        jdk.put("vm", System.getProperty("java.vm.name"));
        jdk.put("vectors", VectorSupport.describe());
        for (String option : List.of("MaxVectorSize", "UseAVX", "UseFMA", "UseSVE")) {
            String value = option(option);
            if (value != null) {
                jdk.put(option, value);
            }
        }

        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("cpu", cpu);
        environment.put("system", system);
        environment.put("jdk", jdk);
        return environment;
    }

    /** Mean number of runnable tasks over the last minute, negative where the system does not tell. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** The commit of the working folder, marked where files differ from it, or "unknown". */
    static String commit() {
        String head = git("rev-parse", "HEAD");
        String changes = git("status", "--porcelain");
        if (head == null || changes == null) {
            return "unknown";
        }
        return changes.isBlank() ? head.strip() : head.strip() + " and uncommitted changes";
    }

    private static String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String output = new String(process.getInputStream().readAllBytes());
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static String option(String name) {
        try {
            return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).getVMOption(name).getValue();
        } catch (IllegalArgumentException e) {
            // another processor's option
            return null;
        }
    }

    private static List<Object> caches() {
        List<Object> caches = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String folder = "/sys/devices/system/cpu/cpu0/cache/index" + i + "/";
            String size = read(folder + "size");
            if (size.isEmpty()) {
                break;
            }
            caches.add("L" + read(folder + "level") + " " + read(folder + "type").toLowerCase(Locale.ROOT) + " " + size);
        }
        return caches;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static String field(String text, String name) {
        Matcher matcher = Pattern.compile("(?m)^" + name + "\\s*:\\s*(.*)$").matcher(text);
        return matcher.find() ? matcher.group(1).strip() : "unknown";
    }

    private static String chosen(String choices) {
        Matcher matcher = Pattern.compile("\\[(\\w+)]").matcher(choices);
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    private static String orUnknown(String value) {
        return value.isEmpty() ? "unknown" : value;
    }
}
