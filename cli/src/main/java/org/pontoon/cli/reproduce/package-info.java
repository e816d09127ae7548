/**
 * The experiments of {@code pontoon reproduce}: one class each. An experiment makes or reads its data, fits, measures, and returns tables
 * of published numbers beside its own, and pictures.
 */
package org.pontoon.cli.reproduce;
