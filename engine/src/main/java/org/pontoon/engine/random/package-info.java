/**
 * Counter-based random numbers: a draw is a function of a key and an index, whoever asks for it and in whatever order.
 */
package org.pontoon.engine.random;
