package org.pontoon.engine.transport;

/** The arithmetic of the sums over pairs. Clouds are float32 and potentials float64 either way. */
public enum Precision {
    /** Vectorized float32 arithmetic on every pair, float64 sums: relative errors around 1e-6. */
    FLOAT32,
    /** float64 throughout: for references and tight tolerances, several times slower. */
    FLOAT64
}
