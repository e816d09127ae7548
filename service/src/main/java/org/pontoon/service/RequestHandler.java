package org.pontoon.service;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.LiveBridge;
import org.pontoon.engine.bridge.WarmUp;
import org.pontoon.service.sbe.FindModelDecoder;
import org.pontoon.service.sbe.Kind;
import org.pontoon.service.sbe.MessageHeaderDecoder;
import org.pontoon.service.sbe.MessageHeaderEncoder;
import org.pontoon.service.sbe.ModelEncoder;
import org.pontoon.service.sbe.Reason;
import org.pontoon.service.sbe.RefusedEncoder;
import org.pontoon.service.sbe.TranslateDecoder;
import org.pontoon.service.sbe.TranslateEncoder;
import org.pontoon.service.sbe.TranslatedEncoder;

/**
 * Answers requests: the hot path. Nothing in a message is believed before it is checked; nothing is allocated for a request that can be
 * translated.
 *
 * <p>Points are read from the request's buffer and written to the reply's. Belongs to the translating thread.
 */
final class RequestHandler {

    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int LENGTH = Integer.BYTES;
    private static final int ANSWER = HEADER + TranslatedEncoder.BLOCK_LENGTH + LENGTH;
    private static final int CORRELATION = Long.BYTES;
    private static final int LONGEST_NAME = 1024;

    private final Models models;
    private final ServiceMetrics metrics;
    private final LiveBridge.Reader[] readers;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TranslateDecoder translate = new TranslateDecoder();
    private final FindModelDecoder findModel = new FindModelDecoder();
    private final MessageHeaderEncoder answerHeader = new MessageHeaderEncoder();
    private final TranslatedEncoder translated = new TranslatedEncoder();
    private final ModelEncoder model = new ModelEncoder();
    private final RefusedEncoder refused = new RefusedEncoder();

    RequestHandler(Models models, ServiceMetrics metrics) {
        this.models = models;
        this.metrics = metrics;
        this.readers = new LiveBridge.Reader[models.size()];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = models.bridge(i).reader();
        }
    }

    /**
     * Answers one message.
     *
     * @return false if the client's log is full: give the same message again later
     */
    boolean handle(DirectBuffer buffer, int offset, int length, Reply reply) {
        long began = System.nanoTime();
        if (length < HEADER) {
            metrics.ignored();
            return true;
        }
        header.wrap(buffer, offset);
        int block = header.blockLength();
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID || length < HEADER + CORRELATION || block < CORRELATION) {
            metrics.ignored();
            return true;
        }
        // every request begins with its correlation
        long correlation = buffer.getLong(offset + HEADER, ByteOrder.LITTLE_ENDIAN);
        return switch (header.templateId()) {
            case TranslateDecoder.TEMPLATE_ID -> translate(buffer, offset, length, block, correlation, reply, began);
            case FindModelDecoder.TEMPLATE_ID -> findModel(buffer, offset, length, block, correlation, reply);
            default -> refuse(correlation, Reason.UNKNOWN_MESSAGE, reply);
        };
    }

    private boolean translate(DirectBuffer buffer, int offset, int length, int block, long correlation, Reply reply, long began) {
        int data = HEADER + block + LENGTH;
        if (block < TranslateDecoder.BLOCK_LENGTH || length < data) {
            return refuse(correlation, Reason.MALFORMED, reply);
        }
        translate.wrap(buffer, offset + HEADER, block, header.version());
        long bytes = buffer.getInt(offset + data - LENGTH, ByteOrder.LITTLE_ENDIAN) & 0xFFFFFFFFL;
        int count = translate.count();
        long index = translate.index();
        short kind = translate.kindRaw();
        if (bytes > length - data || count < 1 || index < 0 || index + count < 0 || kind > Kind.MEAN.value()) {
            return refuse(correlation, Reason.MALFORMED, reply);
        }
        int number = translate.model();
        if (number < 0 || number >= readers.length) {
            return refuse(correlation, Reason.UNKNOWN_MODEL, reply);
        }
        double time = translate.time();
        if (!(time >= 0 && time <= 1)) {
            return refuse(correlation, Reason.BAD_TIME, reply);
        }
        // one sampler, so one version, for the whole batch
        BridgeSampler sampler = readers[number].sampler();
        int row = sampler.bridge().dimension() * Float.BYTES;
        if (bytes != (long) count * row || ANSWER + bytes > reply.maxLength()) {
            return refuse(correlation, Reason.WRONG_SIZE, reply);
        }
        Reply.Status status = reply.claim(ANSWER + (int) bytes);
        if (status != Reply.Status.OK) {
            return notSent(status);
        }
        MutableDirectBuffer to = reply.buffer();
        int at = reply.offset();
        if (!translatePoints(sampler, buffer, offset + data, to, at + ANSWER, count, row, kind, time, index)) {
            reply.abandon();
            return refuse(correlation, Reason.NOT_FINITE, reply);
        }
        translated.wrapAndApplyHeader(to, at, answerHeader).correlation(correlation).version(readers[number].version()).count(count);
        to.putInt(at + ANSWER - LENGTH, (int) bytes, ByteOrder.LITTLE_ENDIAN);
        status = reply.commit();
        if (status != Reply.Status.OK) {
            return notSent(status);
        }
        metrics.translated(count, System.nanoTime() - began);
        return true;
    }

    private boolean translatePoints(BridgeSampler sampler, DirectBuffer from, int x, MutableDirectBuffer to, int y, int count, int row,
            short kind, double time, long index) {
        long seed = translate.seed();
        boolean finite = true;
        for (int n = 0; n < count && finite; n++) {
            int xn = x + n * row;
            int yn = y + n * row;
            if (kind == Kind.MEAN.value()) {
                sampler.mean(from, xn, to, yn);
                if (time != 1) {
                    meanBetween(from, xn, to, yn, row, time);
                }
            } else if (time == 1) {
                sampler.sample(seed, index + n, from, xn, to, yn);
            } else {
                sampler.sampleAt(time, seed, index + n, from, xn, to, yn);
            }
            finite = sampler.isAnswerFinite();
        }
        return finite;
    }

    /** The mean of the bridge at a time lies on the line between a point and its mean at the end. */
    private static void meanBetween(DirectBuffer from, int x, MutableDirectBuffer to, int y, int row, double time) {
        for (int b = 0; b < row; b += Float.BYTES) {
            to.putFloat(y + b, (float) ((1 - time) * from.getFloat(x + b) + time * to.getFloat(y + b)));
        }
    }

    private boolean findModel(DirectBuffer buffer, int offset, int length, int block, long correlation, Reply reply) {
        int data = HEADER + block + LENGTH;
        if (block < FindModelDecoder.BLOCK_LENGTH || length < data) {
            return refuse(correlation, Reason.MALFORMED, reply);
        }
        findModel.wrap(buffer, offset + HEADER, block, header.version());
        long bytes = buffer.getInt(offset + data - LENGTH, ByteOrder.LITTLE_ENDIAN) & 0xFFFFFFFFL;
        if (bytes > Math.min(length - data, LONGEST_NAME)) {
            return refuse(correlation, Reason.MALFORMED, reply);
        }
        byte[] name = new byte[(int) bytes];
        buffer.getBytes(offset + data, name);
        int number = models.find(new String(name, StandardCharsets.UTF_8));
        if (number < 0) {
            return refuse(correlation, Reason.UNKNOWN_MODEL, reply);
        }
        Reply.Status status = reply.claim(HEADER + ModelEncoder.BLOCK_LENGTH);
        if (status != Reply.Status.OK) {
            return notSent(status);
        }
        BridgeSampler sampler = readers[number].sampler();
        model.wrapAndApplyHeader(reply.buffer(), reply.offset(), answerHeader).correlation(correlation).version(readers[number].version())
            .number(number).dimension(sampler.bridge().dimension()).components(sampler.bridge().components());
        return finish(reply);
    }

    private boolean refuse(long correlation, Reason reason, Reply reply) {
        Reply.Status status = reply.claim(HEADER + RefusedEncoder.BLOCK_LENGTH);
        if (status != Reply.Status.OK) {
            return notSent(status);
        }
        refused.wrapAndApplyHeader(reply.buffer(), reply.offset(), answerHeader).correlation(correlation).reason(reason);
        if (!finish(reply)) {
            return false;
        }
        metrics.refused(reason);
        return true;
    }

    private boolean finish(Reply reply) {
        Reply.Status status = reply.commit();
        return status == Reply.Status.OK || notSent(status);
    }

    private boolean notSent(Reply.Status status) {
        if (status == Reply.Status.FULL) {
            metrics.backPressured();
            return false;
        }
        metrics.ignored();
        return true;
    }

    /** Compiles the samplers, and then the path of a request through this class. */
    WarmUp warmUp(long limitNanos) {
        long began = System.nanoTime();
        long end = began + limitNanos;
        boolean compiled = limitNanos > 0;
        long calls = 0;
        for (int i = 0; i < readers.length; i++) {
            WarmUp warm = readers[i].sampler().warmUp(java.time.Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            compiled &= warm.compiled();
            calls += warm.calls();
        }
        for (int i = 0; i < readers.length && System.nanoTime() < end; i++) {
            int bytes = readers[i].sampler().bridge().dimension() * Float.BYTES;
            UnsafeBuffer request = new UnsafeBuffer(new byte[HEADER + TranslateEncoder.BLOCK_LENGTH + LENGTH + bytes]);
            Reply nobody = new Reply(ANSWER + bytes);
            TranslateEncoder encoder = new TranslateEncoder().wrapAndApplyHeader(request, 0, new MessageHeaderEncoder());
            encoder.model(i).count(1).time(1).kind(Kind.SAMPLE).putPoints(new byte[bytes], 0, bytes);
            for (int n = 0; n < 12_000 && System.nanoTime() < end; n++) {
                encoder.kind(n % 3 == 0 ? Kind.MEAN : Kind.SAMPLE).time(n % 3 == 1 ? 0.5 : 1);
                handle(request, 0, request.capacity(), nobody);
                calls++;
            }
        }
        return new WarmUp(compiled, calls, (System.nanoTime() - began) * 1e-9);
    }
}
