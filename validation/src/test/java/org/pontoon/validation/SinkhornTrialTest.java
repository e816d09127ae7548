package org.pontoon.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.Precision;

/** Problems far from comfort; {@code pontoon validate --sinkhorn} has larger ones. */
class SinkhornTrialTest {

    private static final int PROBLEMS = 300;
    private static final int LARGEST = 120;

    @Test
    void threeHundredRandomProblemsAreSolvedOrSayHowFarTheyGot() {
        List<String> unsolved = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        List<String> vague = new ArrayList<>();
        try (TileScheduler scheduler = new TileScheduler(1)) {
            for (long seed = 0; seed < PROBLEMS; seed++) {
                Precision precision = seed % 4 < 2 ? Precision.FLOAT64 : Precision.FLOAT32;
                SinkhornTrial trial = SinkhornTrial.run(seed, LARGEST, precision, scheduler);
                String line = seed + " " + trial;
                if (!trial.converged()) {
                    unsolved.add(line);
                }
                if (!trial.truthful(precision == Precision.FLOAT64 ? 1e-6 : 1e-4)) {
                    wrong.add(line);
                }
                if (!(trial.uncertainty() <= 1e-6)) {
                    vague.add(line);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(unsolved).hasSizeLessThanOrEqualTo(PROBLEMS / 50);
        // a bound that is not tight would let anything pass
        assertThat(vague).hasSizeLessThanOrEqualTo(PROBLEMS / 50);
    }
}
