package org.pontoon.engine.internal.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("widths")
@Tag("widths-small")
class VectorSupportTest {

    @Test
    void lanesDivideTheVirtualLanes() {
        assertThat(VectorSupport.LANES).isIn(4, 8, 16).isEqualTo(VectorSupport.FLOATS.length()).isEqualTo(VectorSupport.INTS.length());
        assertThat(VectorSupport.VIRTUAL_LANES % VectorSupport.LANES).isZero();
        assertThat(VectorSupport.describe()).startsWith(32 * VectorSupport.LANES + "-bit vectors, " + VectorSupport.LANES + " float lanes");
    }
}
