package dev.evstore.core.format;

import dev.evstore.core.event.EventType;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decides whether lines are a transaction: header, events, trailer, one call each, the lines one after the other in
 * one array. What readers and writers share (rules V1, V3 to V5, I2, M4). Not thread-safe.
 */
final class TransactionDecoder {

    private static final int HASH = 32;

    private final StrictJson json = new StrictJson();
    private final EventParser parser = new EventParser();
    private final MessageDigest sha = Sha256.digest();
    private byte[] leaves = new byte[HASH * 8];
    private final List<TransactionHeader.Slot> slots = new ArrayList<>();
    private final List<Transaction.Line> lines = new ArrayList<>();
    private long parsed;

    /** Reads the header line {@code bytes[from, to)}: the transaction's first. */
    Open open(byte[] bytes, int from, int to) throws Flaw {
        parsed += to - from;
        slots.clear();
        lines.clear();
        try {
            return new Open(new HeaderLine(json, bytes, from, to));
        } catch (Flaw flaw) {
            throw flaw.at("header, ");
        }
    }

    /** How many bytes of lines it has looked into, each line as often as it did. */
    long parsed() {
        return parsed;
    }

    /** A transaction whose header has been read. Only the one opened last may be used. */
    final class Open {

        private final HeaderLine header;
        private final StreamTable streams;

        private Open(HeaderLine header) {
            this.header = header;
            this.streams = new StreamTable(header.writes.keySet());
        }

        int events() {
            return header.events;
        }

        /**
         * Reads the next event line.
         *
         * @param start the transaction's first byte
         */
        void event(byte[] bytes, int start, int from, int to) throws Flaw {
            parsed += to - from;
            int ordinal = slots.size();
            try {
                parser.read(bytes, from, to, streams, header.newer(), header.merge());
            } catch (Flaw flaw) {
                throw flaw.at("event " + ordinal + ", ");
            }
            EventType type = parser.type;
            if (type == null) {
                throw new IllegalStateException("an event without a type passed");
            }
            byte[] redacted = parser.redacted;
            byte[] lineHash = redacted;
            if (lineHash == null) {
                sha.update(bytes, from, to - from);
                lineHash = sha.digest();
            }
            byte[] leaf = leaf(sha, streams.name(parser.stream), parser.typeName, lineHash);
            if (leaves.length < HASH * (ordinal + 1)) {
                leaves = Arrays.copyOf(leaves, 2 * leaves.length);
            }
            System.arraycopy(leaf, 0, leaves, HASH * ordinal, HASH);
            slots.add(new TransactionHeader.Slot(streams.stream(parser.stream), type, parser.tags, redacted != null));
            lines.add(new Transaction.Line(from - start, to - from, Sha256.of(leaf)));
        }

        /**
         * Reads the trailer line and judges the whole.
         *
         * @param start the transaction's first byte
         */
        Transaction close(byte[] bytes, int start, int from, int to) throws Flaw {
            parsed += to - from;
            if (to + 1 - start > Limits.TRANSACTION) {
                throw Flaw.limit("transaction, bytes", to + 1L - start, Limits.TRANSACTION);
            }
            if (!header.merge() && !header.newer() && !streams.allFound()) {
                throw new Flaw("header, streams: one of them has no event");
            }
            byte[] hash = trailer(bytes, start, header.length, -1);
            int digits = from + Wire.TRAILER.length;
            boolean right = to - from == Wire.TRAILER_LENGTH
                    && Arrays.equals(bytes, from, digits, Wire.TRAILER, 0, Wire.TRAILER.length)
                    && Hex.stands(hash, bytes, digits)
                    && Arrays.equals(bytes, to - Wire.END.length, to, Wire.END, 0, Wire.END.length);
            if (!right) {
                throw new Flaw("trailer: not the hash of what is above it; the transaction was edited or damaged");
            }
            if (header.merge() && !header.newer()) {
                checkMergeId(bytes, start);
            }
            byte[] own = Arrays.copyOfRange(bytes, start, to + 1);
            own[own.length - 1] = '\n';
            return new Transaction(told(Sha256.of(hash)), own, lines);
        }

        private void checkMergeId(byte[] bytes, int start) throws Flaw {
            TransactionId newest = header.parents.lastKey();
            boolean right = header.idAt >= 0
                    && newest.millis() < TransactionId.MAX_MILLIS
                    && MergeId.of(newest, trailer(bytes, start, header.length, header.idAt))
                            .equals(header.id);
            if (!right) {
                throw new Flaw("header, tx: not the id that a merge of this content has");
            }
        }

        /** The hash over header and leaves; with the nil UUID at {@code idAt}, if that is not -1. */
        private byte[] trailer(byte[] bytes, int start, int length, int idAt) {
            if (idAt < 0) {
                sha.update(bytes, start, length);
            } else {
                sha.update(bytes, start, idAt);
                sha.update(MergeId.nil());
                int rest = idAt + MergeId.NIL.length();
                sha.update(bytes, start + rest, length - rest);
            }
            sha.update(leaves, 0, HASH * lines.size());
            return sha.digest();
        }

        private TransactionHeader told(Sha256 trailer) {
            return new TransactionHeader(
                    header.id,
                    trailer,
                    header.format,
                    header.origin,
                    header.parents,
                    header.writes,
                    header.reads,
                    header.command,
                    header.meta,
                    slots);
        }
    }

    /** The leaf of a line: it binds the line's hash to stream and type, so that a redacted one can't move. */
    static byte[] leaf(MessageDigest sha, byte[] stream, byte[] type, byte[] lineHash) {
        length(sha, stream.length);
        sha.update(stream);
        length(sha, type.length);
        sha.update(type);
        sha.update(lineHash);
        return sha.digest();
    }

    private static void length(MessageDigest sha, int length) {
        sha.update((byte) (length >>> 24));
        sha.update((byte) (length >>> 16));
        sha.update((byte) (length >>> 8));
        sha.update((byte) length);
    }
}
