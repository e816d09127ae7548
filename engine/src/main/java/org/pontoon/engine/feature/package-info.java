/**
 * Feature maps of points: random Fourier features, polynomials and Hermite functions, with their slopes; {@link
 * org.pontoon.engine.feature.MeanFeatures mean features} of clouds and the distance between them.
 */
package org.pontoon.engine.feature;
