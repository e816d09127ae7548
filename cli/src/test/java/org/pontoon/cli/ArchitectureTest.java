package org.pontoon.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the house to its floors and rooms. It lives here because the command line sees every module. */
class ArchitectureTest {

    private static final String ENGINE = "org.pontoon.engine";

    /** The engine's rooms, bottom first: a room uses only rooms before it. A new room takes its place in this list. */
    private static final List<String> ROOMS = List.of("internal.buffer", "memory", "parallel", "internal.scalar", "internal.vector",
        "internal.kernel", "tier",
        "random", "sort", "internal.particle",
        "feature", "transport", "bridge", "flow", "flow.descent", "flow.sliced", "flow.diffusion", "flow.jko", "file");

    /** Rooms beside each other over one. */
    private static final List<String> FLOWS = ROOMS.stream().filter(room -> room.startsWith("flow.")).toList();

    private static final JavaClasses HOUSE = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("org.pontoon");

    @Test
    void floorsUseOnlyFloorsBelow() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
            .optionalLayer("engine").definedBy(ENGINE + "..")
            .optionalLayer("validation").definedBy("org.pontoon.validation..")
            .optionalLayer("service").definedBy("org.pontoon.service..")
            .optionalLayer("bench").definedBy("org.pontoon.bench..")
            .optionalLayer("cli").definedBy("org.pontoon.cli..")
            .whereLayer("cli").mayNotBeAccessedByAnyLayer()
            .whereLayer("bench").mayOnlyBeAccessedByLayers("cli")
            .whereLayer("service").mayOnlyBeAccessedByLayers("bench", "cli")
            .whereLayer("validation").mayOnlyBeAccessedByLayers("cli")
            .check(HOUSE);
    }

    static Stream<String> rooms() {
        return ROOMS.stream();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void roomUsesOnlyRoomsBelow(String room) {
        String[] above = ROOMS.stream().skip(ROOMS.indexOf(room) + 1).map(ArchitectureTest::packagesOf).toArray(String[]::new);
        noClasses().that().resideInAPackage(packagesOf(room))
            .should().dependOnClassesThat().resideInAnyPackage(above)
            .because("the engine is layered: " + String.join(" < ", ROOMS))
            .allowEmptyShould(true)
            .check(HOUSE);
    }

    @Test
    void roomsOfFlowsUseNoneBesideThem() {
        assertThat(FLOWS).hasSizeGreaterThan(3);
        for (String room : FLOWS) {
            noClasses().that().resideInAPackage(packagesOf(room))
                .should().dependOnClassesThat().resideInAnyPackage(FLOWS.stream().filter(other -> !other.equals(room)).map(
                    ArchitectureTest::packagesOf).toArray(String[]::new))
                .because("what they share is in flow, or in internal.particle")
                .check(HOUSE);
        }
    }

    @Test
    void roomsOfFlowsHaveTwentyFilesAtMost() {
        for (String room : Stream.concat(Stream.of("flow", "random", "feature", "internal.particle"), FLOWS.stream()).toList()) {
            long files = HOUSE.stream().filter(c -> c.getPackageName().equals(packagesOf(room)) && c.isTopLevelClass()).count();
            assertThat(files).as(room).isBetween(1L, 20L);
        }
    }

    @Test
    void everyEngineClassIsInARoom() {
        classes().that().resideInAPackage(ENGINE + "..")
            .should().resideInAnyPackage(ROOMS.stream().map(ArchitectureTest::packagesOf).toArray(String[]::new))
            .because("a new package must take its place in the order of rooms")
            .check(HOUSE);
    }

    @Test
    void lanesAreSeenOnlyByTheVectorRoomAndTheBench() {
        noClasses().that().resideOutsideOfPackages(packagesOf("internal.vector"), "org.pontoon.bench..")
            .should().dependOnClassesThat().resideInAPackage("jdk.incubator.vector..")
            .because("the Vector API incubates: the day it moves, few files may change")
            .check(HOUSE);
    }

    @Test
    void engineUsesOnlyTheJdkAndAgrona() {
        classes().that().resideInAPackage(ENGINE + "..")
            .should().onlyDependOnClassesThat()
            .resideInAnyPackage(ENGINE + "..", "java..", "com.sun.management..", "jdk.incubator.vector..",
                "org.agrona..")
            .because("the engine brings no third-party code but Agrona into a service")
            .check(HOUSE);
    }

    @Test
    void engineLogsOneThingOnly() {
        noClasses().that().resideInAPackage(ENGINE + "..").and().doNotHaveFullyQualifiedName(ENGINE + ".internal.kernel.Tier")
            .should().dependOnClassesThat().resideInAPackage("java.util.logging..")
            .orShould().dependOnClassesThat().areAssignableTo(System.Logger.class)
            .because("a library that is embedded says what it has to say in results and exceptions; but that the Vector API is missing, "
                + "no result shows")
            .check(HOUSE);
    }

    @Test
    void engineTouchesFilesOnlyInTheFileRoom() {
        noClasses().that().resideInAPackage(ENGINE + "..").and().resideOutsideOfPackage(packagesOf("file"))
            .should().dependOnClassesThat().resideInAnyPackage("java.io..", "java.nio.file..")
            .because("input and output belong to engine.file and to the floors above; this includes System.out")
            .check(HOUSE);
    }

    private static String packagesOf(String room) {
        return ENGINE + "." + room;
    }
}
