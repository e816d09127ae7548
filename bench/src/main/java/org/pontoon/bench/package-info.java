/**
 * How fast it is, and how that is known.
 *
 * <table>
 * <caption>Programs</caption>
 * <tr><th>class</th><th>what it does</th></tr>
 * <tr><td>{@link org.pontoon.bench.BenchReport}</td><td>runs JMH suites and writes a folder under {@code perf-reports/}</td></tr>
 * <tr><td>{@link org.pontoon.bench.PeerComparison}</td><td>fits in turn with the Python peers of {@code bench/peers}</td></tr>
 * <tr><td>{@link org.pontoon.bench.LossComparison}</td><td>losses in turn with Python, and their cost per pair</td></tr>
 * <tr><td>{@link org.pontoon.bench.SobolevComparison}</td><td>unbalanced Sobolev descent in turn with numpy</td></tr>
 * <tr><td>{@link org.pontoon.bench.ExactComparison}</td><td>exact transport in turn with POT's {@code emd2}</td></tr>
 * <tr><td>{@link org.pontoon.bench.WassersteinComparison}</td><td>sorts and Wasserstein distances in turn with numpy, POT, vqsort</td></tr>
 * <tr><td>{@link org.pontoon.bench.PairPeerBenchmark}</td><td>pair kernels in turn with C</td></tr>
 * <tr><td>{@link org.pontoon.bench.FactsReport}</td><td>what changes its bits when C2 takes over</td></tr>
 * <tr><td>{@link org.pontoon.bench.LatencyRig}</td><td>latency of one translation within a process</td></tr>
 * <tr><td>{@link org.pontoon.bench.ColdStarts}</td><td>whole commands in turn with Python, first calls in fresh JVMs</td></tr>
 * <tr><td>{@link org.pontoon.bench.PeakProbe}</td><td>what the machine can do at most</td></tr>
 * </table>
 *
 * <table>
 * <caption>JMH suites</caption>
 * <tr><th>class</th><th>operation</th></tr>
 * <tr><td>{@link org.pontoon.bench.FitStepBenchmark}</td><td>one step of a fit</td></tr>
 * <tr><td>{@link org.pontoon.bench.TransportBenchmark}</td><td>a cloud through a bridge</td></tr>
 * <tr><td>{@link org.pontoon.bench.SamplerBenchmark}</td><td>a point through a bridge</td></tr>
 * <tr><td>{@link org.pontoon.bench.DriftBenchmark}</td><td>the drift at a cloud's positions</td></tr>
 * <tr><td>{@link org.pontoon.bench.KernelBenchmark}</td><td>a kernel, and its scalar twin</td></tr>
 * <tr><td>{@link org.pontoon.bench.PairSumFactsBenchmark}</td><td>where the columns of a pair kernel should lie</td></tr>
 * <tr><td>{@link org.pontoon.bench.VectorFactsBenchmark}</td><td>habits of the Vector API, one experiment each</td></tr>
 * </table>
 *
 * <p>Every benchmark holds its answer against a scalar or float64 one, in the JVM that was measured, and fails the run where they differ.
 */
package org.pontoon.bench;
