package org.pontoon.engine.bridge;

/** Shape of the matrices S_k of a light bridge. */
public enum Covariance {
    /** S_k is diagonal: D numbers per component. The paper's choice. */
    DIAGONAL,
    /** S_k is any symmetric positive definite matrix: D (D + 1) / 2 numbers per component, and D times the work. */
    FULL
}
