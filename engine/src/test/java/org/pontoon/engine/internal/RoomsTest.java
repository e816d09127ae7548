package org.pontoon.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.internal.scalar.Lanes;

/** Finds the loops on lanes by itself, and what goes with each: a twin in plain Java, a door, a size that C2 takes. */
class RoomsTest {

    /** HotSpot compiles no method of more bytecodes (HugeMethodLimit), whatever it costs to interpret it. */
    private static final int MOST_BYTECODES = 8000;
    private static final String VECTOR = "jdk/incubator/vector/";

    private static List<ClassModel> classes(String room) {
        try (Stream<Path> files = Files.list(
            Path.of(Lanes.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .resolve("org/pontoon/engine/internal/" + room))) {
            List<ClassModel> models = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".class") && !f.endsWith("package-info.class")).sorted().toList()) {
                models.add(ClassFile.of().parse(file));
            }
            return models;
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Names and descriptors of the methods that other rooms may call; a door may be an object, a loop is not. */
    private static Set<String> entrances(String room) {
        Set<String> entrances = new LinkedHashSet<>();
        for (ClassModel model : classes(room)) {
            String name = model.thisClass().asInternalName();
            for (MethodModel method : model.methods()) {
                if (method.flags().has(AccessFlag.PUBLIC) && method.code().isPresent()
                    && (method.flags().has(AccessFlag.STATIC) || room.equals("kernel"))) {
                    entrances.add(name.substring(name.lastIndexOf('/') + 1) + "." + method.methodName().stringValue()
                        + method.methodType().stringValue());
                }
            }
        }
        return entrances;
    }

    /** The entrances of the vector room, without what only tells about the machine, and without a part of its sorts. */
    private static Set<String> loops() {
        Set<String> loops = entrances("vector");
        loops.removeIf(loop -> loop.startsWith("VectorSupport.") || loop.startsWith("SortingNetwork."));
        return loops;
    }

    @Test
    void thereAreLoopsToFind() {
        assertThat(loops()).hasSizeGreaterThan(30).anyMatch(loop -> loop.startsWith("DiagonalForms.forward("));
    }

    @Test
    void everyLoopOnLanesHasATwinOfTheSameNameAndArguments() {
        assertThat(entrances("scalar")).containsAll(loops());
    }

    @Test
    void everyLoopOnLanesHasADoorOfTheSameNameAndArguments() {
        assertThat(entrances("kernel")).containsAll(loops());
    }

    @Test
    void everyLoopOnLanesIsShortEnoughForC2() {
        for (ClassModel model : classes("vector")) {
            for (MethodModel method : model.methods()) {
                method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).ifPresent(
                    length -> assertThat(length).as("%s.%s", model.thisClass().asInternalName(), method.methodName()).isLessThan(
                        MOST_BYTECODES));
            }
        }
    }

    @Test
    void lanesAreSeenInOneRoomOnly() {
        List<String> seen = new ArrayList<>();
        for (String room : List.of("scalar", "kernel")) {
            for (ClassModel model : classes(room)) {
                for (PoolEntry entry : model.constantPool()) {
                    if (entry.toString().contains(VECTOR)) {
                        seen.add(model.thisClass().asInternalName() + ": " + entry);
                    }
                }
            }
        }
        assertThat(seen).isEmpty();
    }
}
