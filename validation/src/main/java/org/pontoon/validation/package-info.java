/**
 * Truths to hold the engine against: closed forms in float64, a benchmark whose answer is known, and the report that compares.
 *
 * <p>{@link org.pontoon.validation.GaussianBridge} is the bridge between two Gaussians, {@link org.pontoon.validation.MixturePair} a pair
 * of distributions whose bridge is a known mixture, {@link org.pontoon.validation.ReferenceLoss} the training loss and its gradients
 * written straight from their definition. {@link org.pontoon.validation.ValidationReport} runs every comparison and returns
 * {@link org.pontoon.validation.Check} rows. The closed forms share no code with what they check.
 */
package org.pontoon.validation;
