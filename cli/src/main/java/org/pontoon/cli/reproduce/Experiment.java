package org.pontoon.cli.reproduce;

import java.io.IOException;
import java.util.List;

/** A paper's experiment, end to end. */
public interface Experiment {

    /**
     * Returns the name on the command line.
     *
     * @return lower case, words joined by hyphens
     */
    String name();

    /**
     * Says in one line what is done.
     *
     * @return a phrase
     */
    String description();

    /**
     * Tells whether the experiment reads data that Pontoon cannot make itself.
     *
     * @return true if a data directory is needed
     */
    default boolean needsData() {
        return false;
    }

    /**
     * Tells how many files of the user's own the experiment takes in place of its own inputs, all or none.
     *
     * @return 0 where it takes none
     */
    default int files() {
        return 0;
    }

    /**
     * Runs the experiment.
     *
     * @param setting what the command line says
     * @return tables and pictures
     * @throws IOException if data cannot be read
     */
    Results run(Setting setting) throws IOException;

    /**
     * Lists the experiments there are.
     *
     * @return every experiment once, in the order in which they are listed
     */
    static List<Experiment> all() {
        return List.of(new SwissRoll(), new SingleCell(), new TransportBenchmark(), new GaussianPairs(), new SampledMeasures(),
            new ColorTransfer(), new UnbalancedDescent(), new UnbalancedColors(), new UnbalancedCells(), new FokkerPlanck(),
            new Aggregation(), new SlicedFlows(),
            new Speed());
    }
}
