package org.pontoon.engine.flow;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;

/** Short runs of schemes. */
public final class Runs {

    private Runs() {
    }

    /** Makes steps of one length and closes the scheme. */
    public static FlowResult of(Scheme scheme, double stepSize, int steps) {
        try (scheme) {
            return new Flow(FlowOptions.of(stepSize, steps)).run(scheme, Progress.NONE);
        }
    }

    /** Makes steps of one length and returns where particles without weights end, the caller's to close. */
    public static PointCloud end(Scheme scheme, double stepSize, int steps) {
        return of(scheme, stepSize, steps).last().toUnweightedCloud();
    }
}
