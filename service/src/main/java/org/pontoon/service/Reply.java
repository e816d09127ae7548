package org.pontoon.service;

import java.nio.ByteBuffer;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The way back to one client. Answers that fit a datagram are written straight into the client's log; longer ones go through scratch.
 * Without a publication (for warming up, and in tests) everything goes to scratch and stays there.
 *
 * <p>Use: {@link #claim}, write, then {@link #commit} or {@link #abandon}. Belongs to the translating thread.
 */
final class Reply {

    /** Results of claim and commit. */
    enum Status {
        /** Go on. */
        OK,
        /** The client has not read what it got: try again later. */
        FULL,
        /** Nobody reads: forget it. */
        GONE
    }

    private final ExclusivePublication publication;
    private final BufferClaim claim = new BufferClaim();
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(1024));
    private final int maxLength;
    private boolean direct;
    private int length;
    /** When the client's log was first found full, or 0. */
    private long fullSince;
    private boolean cutOff;
    /** When the client's log was first found without a reader, or 0. */
    private long lostSince;

    Reply(ExclusivePublication publication) {
        this.publication = publication;
        this.maxLength = publication.maxMessageLength();
    }

    /** Into memory only. */
    Reply(int maxLength) {
        this.publication = null;
        this.maxLength = maxLength;
    }

    /** The longest answer that can be sent, in bytes. */
    int maxLength() {
        return maxLength;
    }

    Status claim(int bytes) {
        length = bytes;
        if (cutOff) {
            return Status.GONE;
        }
        direct = publication != null && bytes <= publication.maxPayloadLength();
        if (direct) {
            return status(publication.tryClaim(bytes, claim));
        }
        if (scratch.capacity() < bytes) {
            scratch.wrap(ByteBuffer.allocateDirect(Math.min(Integer.highestOneBit(bytes) << 1, maxLength)));
        }
        return Status.OK;
    }

    MutableDirectBuffer buffer() {
        return direct ? claim.buffer() : scratch;
    }

    int offset() {
        return direct ? claim.offset() : 0;
    }

    Status commit() {
        if (direct) {
            claim.commit();
            return Status.OK;
        }
        return publication == null ? Status.OK : status(publication.offer(scratch, 0, length));
    }

    void abandon() {
        if (direct) {
            claim.abort();
        }
    }

    private Status status(long position) {
        if (position > 0) {
            fullSince = 0;
            return Status.OK;
        }
        if (position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION) {
            return Status.FULL;
        }
        return Status.GONE;
    }

    /** Cuts a client off that has been full for longer than it may: from now on its requests are discarded. */
    boolean cutOffIfFullSince(long now, long patience) {
        if (fullSince == 0) {
            fullSince = now;
        }
        if (now - fullSince < patience) {
            return false;
        }
        cutOff = true;
        close();
        return true;
    }

    /** Tells whether nobody has read the answers for so long: the client is dead, or was cut off. */
    boolean isLostFor(long now, long nanos) {
        if (publication == null || publication.isConnected()) {
            lostSince = 0;
            return false;
        }
        if (lostSince == 0) {
            lostSince = now;
        }
        return now - lostSince >= nanos;
    }

    void close() {
        if (publication != null) {
            publication.close();
        }
    }
}
