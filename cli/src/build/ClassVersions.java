import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * A step of the build: rewrites jars, in place, whose classes are of a version that the JVM does not keep in its cache of classes. picocli's
 * are of Java 5, so that every start of the command read and verified them anew, which took a third of the time of {@code --help}.
 *
 * <p>Only the version changes, and stack maps, which newer versions must have, are added. A jar that needs nothing stays as it is.
 */
final class ClassVersions {

    /** Java 21, the oldest that any of our jars could need. */
    private static final int VERSION = 65;
    /** The JVM keeps classes from this version on. */
    private static final int KEPT = 50;
    private static final String NOTICE = "META-INF/CHANGED.txt";

    private ClassVersions() {
    }

    /** Takes the names of the jars. */
    public static void main(String[] args) throws IOException {
        for (String name : args) {
            Path jar = Path.of(name);
            if (isOld(jar)) {
                Path made = jar.resolveSibling(jar.getFileName() + ".tmp");
                try {
                    rewrite(jar, made);
                    Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(made);
                }
            }
        }
    }

    private static boolean isClass(JarEntry entry) {
        return entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/");
    }

    private static boolean isOld(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            List<JarEntry> classes = file.stream().filter(ClassVersions::isClass).toList();
            return !classes.isEmpty() && ClassFile.of().parse(read(file, classes.getFirst())).majorVersion() < KEPT;
        }
    }

    private static byte[] read(JarFile file, JarEntry entry) throws IOException {
        try (var in = file.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static void rewrite(Path jar, Path made) throws IOException {
        try (JarFile file = new JarFile(jar.toFile());
                URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                OutputStream out = Files.newOutputStream(made);
                JarOutputStream to = new JarOutputStream(out)) {
            ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(classes)
                .orElse(ClassHierarchyResolver.defaultResolver());
            // with a pool of constants of its own each method is written anew, and so gets its stack maps
            ClassFile writer = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS, ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.ClassHierarchyResolverOption.of(hierarchy));
            ClassTransform version = (builder, element) -> {
                if (element instanceof ClassFileVersion) {
                    builder.withVersion(VERSION, 0);
                } else {
                    builder.with(element);
                }
            };
            ClassTransform transform = version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL));
            for (JarEntry entry : file.stream().toList()) {
                byte[] bytes = read(file, entry);
                put(to, entry.getName(), entry.getTime(), isClass(entry) ? writer.transformClass(writer.parse(bytes), transform) : bytes);
            }
            put(to, NOTICE, file.stream().findFirst().orElseThrow().getTime(), ("The class files of " + jar.getFileName()
                + " were given version " + VERSION + " and stack maps when Pontoon was built.\nNothing else is changed.\n")
                .getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void put(JarOutputStream to, String name, long time, byte[] bytes) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTime(time);
        to.putNextEntry(entry);
        to.write(bytes);
        to.closeEntry();
    }
}
