package org.pontoon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.SplittableRandom;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.service.sbe.FindModelEncoder;
import org.pontoon.service.sbe.Kind;
import org.pontoon.service.sbe.MessageHeaderDecoder;
import org.pontoon.service.sbe.MessageHeaderEncoder;
import org.pontoon.service.sbe.ModelDecoder;
import org.pontoon.service.sbe.Reason;
import org.pontoon.service.sbe.RefusedDecoder;
import org.pontoon.service.sbe.TranslateEncoder;
import org.pontoon.service.sbe.TranslatedDecoder;

class RequestHandlerTest {

    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

    private final Models models = TestBridges.models();
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final RequestHandler handler = new RequestHandler(models, metrics);
    private final Reply reply = new Reply(1 << 16);
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[1 << 17]);

    /** Writes a request for rows of points and returns its length. */
    private int request(int model, Kind kind, double time, long index, int count, float[] x) {
        TranslateEncoder encoder = new TranslateEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
        encoder.correlation(99).seed(5).index(index).time(time).model(model).count(count).kind(kind);
        int at = HEADER + TranslateEncoder.BLOCK_LENGTH;
        message.putInt(at, x.length * 4, ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < x.length; i++) {
            message.putFloat(at + 4 + 4 * i, x[i], ByteOrder.LITTLE_ENDIAN);
        }
        return at + 4 + 4 * x.length;
    }

    private int template() {
        return new MessageHeaderDecoder().wrap(reply.buffer(), 0).templateId();
    }

    private float[] answer() {
        assertThat(template()).isEqualTo(TranslatedDecoder.TEMPLATE_ID);
        TranslatedDecoder decoder = new TranslatedDecoder().wrapAndApplyHeader(reply.buffer(), 0, new MessageHeaderDecoder());
        assertThat(decoder.correlation()).isEqualTo(99);
        float[] y = new float[decoder.pointsLength() / 4];
        int at = HEADER + TranslatedDecoder.BLOCK_LENGTH + 4;
        assertThat(at % 4).isZero();
        for (int i = 0; i < y.length; i++) {
            y[i] = reply.buffer().getFloat(at + 4 * i, ByteOrder.LITTLE_ENDIAN);
        }
        return y;
    }

    private Reason refusal() {
        assertThat(template()).isEqualTo(RefusedDecoder.TEMPLATE_ID);
        RefusedDecoder decoder = new RefusedDecoder().wrapAndApplyHeader(reply.buffer(), 0, new MessageHeaderDecoder());
        assertThat(decoder.correlation()).isEqualTo(99);
        return decoder.reason();
    }

    private Reason refusal(int model, Kind kind, double time, long index, int count, float[] x) {
        assertThat(handler.handle(message, 0, request(model, kind, time, index, count, x), reply)).isTrue();
        return refusal();
    }

    @Test
    void batchesAreTranslatedAsSamplersDo() {
        float[] x = TestBridges.points(3 * 50, 1);
        assertThat(handler.handle(message, 0, request(1, Kind.SAMPLE, 1, 7, 3, x), reply)).isTrue();
        assertThat(answer()).isEqualTo(TestBridges.samples(models.bridge(1).bridge(), 5, 7, x));
        assertThat(handler.handle(message, 0, request(1, Kind.MEAN, 1, 7, 3, x), reply)).isTrue();
        float[] mean = answer();
        assertThat(handler.handle(message, 0, request(1, Kind.MEAN, 0, 7, 3, x), reply)).isTrue();
        assertThat(answer()).as("the mean at time 0 is the point").isEqualTo(x);
        assertThat(handler.handle(message, 0, request(1, Kind.SAMPLE, 0, 7, 3, x), reply)).isTrue();
        assertThat(answer()).isEqualTo(x);
        assertThat(handler.handle(message, 0, request(1, Kind.MEAN, 0.5, 7, 3, x), reply)).isTrue();
        assertThat(answer()[149]).isEqualTo((float) (0.5 * x[149] + 0.5 * mean[149]));
        assertThat(metrics.requests()).isEqualTo(5);
    }

    @Test
    void modelsAreFoundByName() {
        FindModelEncoder find = new FindModelEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
        find.correlation(99).putModel("b".getBytes(), 0, 1);
        models.bridge(1).replace(TestBridges.bridge(50, 3));
        handler.handle(message, 0, HEADER + find.encodedLength(), reply);
        ModelDecoder model = new ModelDecoder().wrapAndApplyHeader(reply.buffer(), 0, new MessageHeaderDecoder());
        assertThat(model.number()).isEqualTo(1);
        assertThat(model.dimension()).isEqualTo(50);
        assertThat(model.version()).isEqualTo(2);
        find.wrapAndApplyHeader(message, 0, new MessageHeaderEncoder()).correlation(99).putModel("c".getBytes(), 0, 1);
        handler.handle(message, 0, HEADER + find.encodedLength(), reply);
        assertThat(refusal()).isEqualTo(Reason.UNKNOWN_MODEL);
    }

    @Test
    void whatCannotBeTranslatedIsRefusedWithAReason() {
        float[] x = TestBridges.points(50, 1);
        assertThat(refusal(2, Kind.SAMPLE, 1, 0, 1, x)).isEqualTo(Reason.UNKNOWN_MODEL);
        assertThat(refusal(-1, Kind.SAMPLE, 1, 0, 1, x)).isEqualTo(Reason.UNKNOWN_MODEL);
        assertThat(refusal(0, Kind.SAMPLE, 1, 0, 1, x)).isEqualTo(Reason.WRONG_SIZE);
        assertThat(refusal(1, Kind.SAMPLE, 1, 0, 2, x)).isEqualTo(Reason.WRONG_SIZE);
        assertThat(refusal(1, Kind.SAMPLE, 1, 0, Integer.MAX_VALUE, x)).isEqualTo(Reason.WRONG_SIZE);
        assertThat(refusal(1, Kind.SAMPLE, 1, 0, 400, TestBridges.points(400 * 50, 1))).as("longer than an answer may be")
            .isEqualTo(Reason.WRONG_SIZE);
        assertThat(refusal(1, Kind.SAMPLE, 1.01, 0, 1, x)).isEqualTo(Reason.BAD_TIME);
        assertThat(refusal(1, Kind.SAMPLE, Double.NaN, 0, 1, x)).isEqualTo(Reason.BAD_TIME);
        assertThat(refusal(1, Kind.SAMPLE, 1, -1, 1, x)).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(1, Kind.SAMPLE, 1, Long.MAX_VALUE, 1, x)).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(1, Kind.SAMPLE, 1, 0, 0, new float[0])).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(1, Kind.NULL_VAL, 1, 0, 1, x)).isEqualTo(Reason.MALFORMED);
        assertThat(metrics.refused()).isEqualTo(12);
        assertThat(metrics.requests()).isZero();
    }

    @Test
    void aFarPointIsRefusedWhereItsAnswerOverflows() {
        LightBridge bridge = TestBridges.bridge(50, 2);
        int refused = 0;
        for (int at = 0; at < 50; at++) {
            float[] x = TestBridges.points(50, 1);
            x[at] = 3.4e38f;
            double[] point = new double[50];
            for (int d = 0; d < 50; d++) {
                point[d] = x[d];
            }
            if (bridge.conditionalMean(point)[at] > Float.MAX_VALUE) {
                assertThat(refusal(1, Kind.MEAN, 1, 0, 1, x)).isEqualTo(Reason.NOT_FINITE);
                refused++;
            }
        }
        assertThat(refused).isBetween(5, 45);
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void pointsThatAreNotFiniteAreRefusedWhereverTheyAre(float bad) {
        for (int at : new int[] {0, 49, 50, 149}) {
            float[] x = TestBridges.points(150, 1);
            x[at] = bad;
            for (Kind kind : new Kind[] {Kind.SAMPLE, Kind.MEAN}) {
                for (double time : new double[] {0, 0.5, 1}) {
                    assertThat(refusal(1, kind, time, 0, 3, x)).isEqualTo(Reason.NOT_FINITE);
                }
            }
        }
    }

    @Test
    void cutMessagesNeverReachBeyondTheirEnd() {
        int length = request(1, Kind.SAMPLE, 1, 0, 1, TestBridges.points(50, 1));
        for (int cut = 0; cut < length; cut++) {
            long before = metrics.unanswerable() + metrics.refused();
            UnsafeBuffer exact = new UnsafeBuffer(new byte[cut]);
            exact.putBytes(0, message, 0, cut);
            assertThat(handler.handle(exact, 0, cut, reply)).isTrue();
            assertThat(metrics.unanswerable() + metrics.refused()).as("%d bytes", cut).isEqualTo(before + 1);
        }
    }

    /** Mutated requests harm nothing, and a good request between them gets its right answer. */
    @Test
    void aHundredThousandMutatedRequestsDoNoHarm() {
        SplittableRandom random = new SplittableRandom(7);
        float[] x = TestBridges.points(2 * 50, 1);
        float[] expected = TestBridges.samples(models.bridge(1).bridge(), 5, 3, x);
        long answered = 0;
        for (int i = 0; i < 100_000; i++) {
            int length = request(1, Kind.SAMPLE, 1, 3, 2, x);
            if (i % 10 == 0) {
                assertThat(handler.handle(message, 0, length, reply)).isTrue();
                assertThat(answer()).isEqualTo(expected);
                answered++;
                continue;
            }
            int changes = 1 + random.nextInt(4);
            for (int c = 0; c < changes; c++) {
                int at = random.nextInt(random.nextBoolean() ? 60 : length);
                switch (random.nextInt(3)) {
                    case 0 -> message.putByte(at, (byte) random.nextInt());
                    case 1 -> message.putByte(at, (byte) (message.getByte(at) ^ 1 << random.nextInt(8)));
                    default ->
                        message.putInt(Math.min(at, length - 4), new int[] {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 16}[random
                            .nextInt(5)]);
                }
            }
            int cut = random.nextInt(4) == 0 ? random.nextInt(length + 1) : length;
            UnsafeBuffer exact = new UnsafeBuffer(new byte[cut]);
            exact.putBytes(0, message, 0, cut);
            assertThat(handler.handle(exact, 0, cut, reply)).isTrue();
        }
        assertThat(metrics.requests() + metrics.refused() + metrics.unanswerable()).isEqualTo(100_000);
        assertThat(metrics.requests()).isGreaterThanOrEqualTo(answered);
        assertThat(metrics.refused()).isGreaterThan(10_000);
    }
}
