/** Flows of particles: down a functional, by Langevin dynamics and Ornstein-Uhlenbeck processes; and densities to draw particles from. */
package org.pontoon.engine.flow;
