package org.pontoon.engine.sort;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.Floats;

@Tag("allocation")
class SortAllocationTest {

    @Test
    void sortsMakeNoGarbage() {
        FloatSorter sorter = new FloatSorter();
        float[] values = Floats.random(1, 20_000, 10f);
        float[] work = new float[20_000];
        int[] order = new int[20_000];
        for (int count : new int[] {50, 1_000, 5_000, 20_000}) {
            AllocatedBytes.assertNoneWhenHot("sort of " + count, 200, () -> {
                System.arraycopy(values, 0, work, 0, count);
                sorter.sort(work, 0, count);
            });
            AllocatedBytes.assertNoneWhenHot("order of " + count, 200, () -> sorter.argsort(values, 0, count, order));
        }
    }
}
