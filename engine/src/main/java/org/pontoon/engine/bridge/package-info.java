/**
 * Light Schrödinger bridges (Korotin, Gushchin, Burnaev 2024): the model, its training, and everything a fitted bridge answers.
 *
 * <p>A bridge between two clouds is a mixture of Gaussians with an entropy: from it alone follow, in closed form, the conditional plan of
 * each source point, its mean, its density, the drift of the process and the process at any time between.
 *
 * <table>
 * <caption>Where to look</caption>
 * <tr><th>to do</th><th>class</th></tr>
 * <tr><td>fit</td><td>{@link org.pontoon.engine.bridge.BridgeTrainer} with {@link org.pontoon.engine.bridge.TrainingOptions}; a {@link
 * org.pontoon.engine.bridge.TrainingState} is what a checkpoint holds, a {@link org.pontoon.engine.bridge.TrainingResult} what comes
 * out</td></tr>
 * <tr><td>hold a model</td><td>{@link org.pontoon.engine.bridge.LightBridge}: float64 parameters and exact answers; its joint plan is a
 * {@link org.pontoon.engine.bridge.CompletePlan}, its law at a time a {@link org.pontoon.engine.bridge.BridgeSlice}</td></tr>
 * <tr><td>translate a cloud</td><td>{@link org.pontoon.engine.bridge.BridgeTransport}, over all threads</td></tr>
 * <tr><td>translate one point now</td><td>{@link org.pontoon.engine.bridge.BridgeSampler}: one per thread, float32, no garbage</td></tr>
 * <tr><td>change the model meanwhile</td><td>{@link org.pontoon.engine.bridge.LiveBridge}: any thread replaces, each reader has a
 * sampler of its own</td></tr>
 * <tr><td>judge a fit</td><td>{@link org.pontoon.engine.bridge.BridgeObjective}</td></tr>
 * </table>
 *
 * <p>Parameters and folds are float64, the loops over points float32. Random numbers are counted, not drawn: number i of a stream is a
 * function of seed, stream and i, so a point's draw does not depend on who makes it, and a fit gives the same bytes on any number of
 * threads, before and after a checkpoint. Models are immutable and safe to share; samplers and trainers belong to one thread.
 */
package org.pontoon.engine.bridge;
