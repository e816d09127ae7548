package org.pontoon.cli.reproduce;

import java.nio.file.Path;
import java.util.List;

import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.TrainingResult;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * What the command line says about a run.
 *
 * @param console progress and remarks
 * @param scheduler threads
 * @param seed seed of all random numbers
 * @param data directory of the data, null where none was given
 * @param files files of the user's own, as many as the experiment takes, or none
 * @param quick whether a smaller run is asked for
 */
public record Setting(Console console, TileScheduler scheduler, long seed, Path data, List<Path> files, boolean quick) {

    /** Fits with progress under a name. */
    TrainingResult fit(String activity, BridgeTrainer trainer) {
        try (ProgressBar progress = console.progress(activity)) {
            TrainingResult result = trainer.fit(scheduler, progress);
            console.checkInterrupted();
            return result;
        }
    }

    /** Drives a scheme to its end, unless the user interrupts it, and closes it. */
    FlowResult run(FlowOptions options, Scheme scheme) {
        try (scheme) {
            return new Flow(options).run(scheme, (done, total) -> {
                console.checkInterrupted();
                return true;
            });
        }
    }

    /** The full number of something, or a smaller one in a quick run. */
    int count(int full, int small) {
        return quick ? small : full;
    }
}
