/** Closed-form oracles in float64 and the report that holds the engine against them. */
module org.pontoon.validation {
    requires transitive org.pontoon.engine;
    // The dense algorithms live in a module of their own beside the matrix types.
    requires ejml.ddense;
    requires transitive ejml.core;

    exports org.pontoon.validation;
}
