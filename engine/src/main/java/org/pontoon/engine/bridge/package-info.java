/** Light Schrödinger bridges: the model, its training, and everything a fitted bridge answers. */
package org.pontoon.engine.bridge;
