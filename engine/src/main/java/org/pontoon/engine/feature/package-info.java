/**
 * Feature maps of points: random Fourier features, polynomials and Hermite functions, with their slopes.
 */
package org.pontoon.engine.feature;
