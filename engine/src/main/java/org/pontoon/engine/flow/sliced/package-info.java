/**
 * Flows in the sliced Wasserstein distance: {@link org.pontoon.engine.flow.sliced.SlicedFlow} towards a sample, with entropy or without, whose
 * maps later take points that it has not seen; {@link org.pontoon.engine.flow.sliced.SlicedEnergy}, half the squared distance as a functional.
 * Implicit steps in that distance are in {@link org.pontoon.engine.flow.jko}.
 *
 * <p>Directions come in blocks whose second moment is exactly I / D, drawn anew for every step; points count alike. Samples on the line need
 * one direction, in the plane equispaced angles.
 *
 * {@snippet :
 * SlicedFlow flow = new SlicedFlow(start, target, new SlicedFlowOptions(30, 0, 100, seed), scheduler);
 * new Flow(FlowOptions.of(1, 100)).run(flow, Progress.NONE);
 * PointCloud moved = flow.apply(unseen, noiseSeed);
 * }
 *
 * <p>Tests: {@code SlicedFlowTest}, {@code SlicedEnergyTest}. Experiment: {@code pontoon reproduce sliced-flow}.
 */
package org.pontoon.engine.flow.sliced;
