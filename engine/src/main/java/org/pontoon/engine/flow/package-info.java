/** Flows of particles down a functional, and the densities that particles are drawn from. */
package org.pontoon.engine.flow;
