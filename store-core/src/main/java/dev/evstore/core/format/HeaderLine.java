package dev.evstore.core.format;

import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader.Free;
import dev.evstore.core.history.TransactionHeader.Superseding;
import dev.evstore.core.history.TransactionHeader.Write;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a header line says, by rules V1, V3 and I2. Read first, judged after: whether it is a merge shows only with
 * {@code tx}, which may stand last.
 */
final class HeaderLine {

    private static final int REQUIRED = Key.bits(Key.V, Key.TX, Key.PARENTS, Key.STREAMS, Key.EVENTS);
    private static final int REQUIRED_ORDINARY = REQUIRED | Key.bits(Key.REPLICA, Key.SEQ, Key.AT);
    private static final int FOREIGN =
            Key.bits(Key.STREAM, Key.TYPE, Key.DATA, Key.TAGS, Key.SALT, Key.REDACTED, Key.SHA256);
    private static final int DIGITS = 18;
    private static final String FREE = "free";
    private static final String HEADS = "heads";
    private static final byte[] AT = Wire.ascii("dddd-dd-ddTdd:dd:dd.dddZ");

    final int length;
    /** From 1; a version that no int holds is the greatest int. */
    final int format;

    final TransactionId id;
    /** Where the 36 bytes of {@code tx} are, from the line's first byte; -1 if they are written with escapes. */
    final int idAt;

    final @Nullable Origin origin;
    final TreeMap<TransactionId, String> parents = new TreeMap<>();
    final TreeMap<StreamId, Write> writes = new TreeMap<>();
    final TreeMap<StreamId, List<TransactionId>> reads = new TreeMap<>();
    final @Nullable String command;
    final @Nullable String meta;
    final int events;

    private final StrictJson json;
    private final byte[] bytes;
    private @Nullable TransactionId newestNamed;

    /** Reads the line {@code bytes[from, to)}. */
    HeaderLine(StrictJson json, byte[] bytes, int from, int to) throws Flaw {
        this.json = json;
        this.bytes = bytes;
        length = to - from;
        long version = 1;
        long count = 0;
        long sequence = 0;
        int tx = -1;
        int seen = 0;
        TransactionId readId = null;
        ReplicaId replica = null;
        String at = null;
        String readCommand = null;
        String readMeta = null;

        json.reset(bytes, from, to);
        json.enterObject();
        while (json.nextKey()) {
            Key key = Key.of(json);
            // A key that stands twice has its bit once; the cursor refuses it at the object's end.
            seen |= key.bit();
            switch (key) {
                case V -> version = integer("v", 1);
                case TX -> {
                    readId = id("tx");
                    tx = json.escaped ? -1 : json.from - from;
                }
                case PARENTS -> parents();
                case STREAMS -> streams(version > 1);
                case EVENTS -> count = integer("events", 0);
                default -> {
                    if (version > 1) {
                        json.skip();
                        continue;
                    }
                    switch (key) {
                        case REPLICA -> replica = replica();
                        case SEQ -> sequence = integer("seq", 1);
                        case AT -> at = at();
                        case READS -> reads();
                        case COMMAND -> readCommand = command();
                        case META -> readMeta = meta(json);
                        default -> json.skip();
                    }
                }
            }
        }
        json.finish();

        if (readId == null || (seen & REQUIRED) != REQUIRED) {
            throw missing(REQUIRED & ~seen);
        }
        id = readId;
        idAt = tx;
        format = (int) Math.min(version, Integer.MAX_VALUE);
        command = readCommand;
        meta = readMeta;
        origin = replica == null || at == null ? null : new Origin(replica, sequence, at);
        checkLimits(count);
        events = (int) count;
        if (writes.isEmpty()) {
            throw new Flaw("streams: none; at least 1");
        }
        if (newestNamed != null && newestNamed.compareTo(id) >= 0) {
            throw new Flaw("names " + newestNamed + ", which is not before its own id " + id);
        }
        if (!newer()) {
            checkKeys(seen);
            checkWrites();
        }
    }

    boolean merge() {
        return id.isMerge();
    }

    boolean newer() {
        return format > 1;
    }

    /** Takes metadata: an object whose raw value is within its limit. */
    static String meta(StrictJson json) throws Flaw {
        int from = json.position();
        if (json.peek() != '{') {
            throw json.unexpected("an object as meta");
        }
        json.skip();
        int length = json.position() - from;
        if (length > Limits.META) {
            throw Flaw.limit("bytes of meta", length, Limits.META);
        }
        return json.raw(from, json.position());
    }

    private void checkLimits(long count) throws Flaw {
        if (count > Limits.EVENTS) {
            throw Flaw.limit("events", count, Limits.EVENTS);
        }
        int limit = merge() ? Limits.MERGE_HEADER_LINE : Limits.HEADER_LINE;
        if (length > limit) {
            throw Flaw.limit("bytes", length, limit);
        }
        if (!merge()) {
            atMost("streams", writes.size(), Limits.STREAMS);
            atMost("reads", reads.size(), Limits.READS);
            atMost("parents", parents.size(), Limits.PARENTS);
        }
    }

    private static void atMost(String what, int size, int limit) throws Flaw {
        if (size > limit) {
            throw Flaw.limit(what, size, limit);
        }
    }

    private void checkKeys(int seen) throws Flaw {
        if (merge()) {
            if (seen != REQUIRED) {
                throw new Flaw("a merge has v, tx, parents, streams and events, and nothing else");
            }
        } else if ((seen & REQUIRED_ORDINARY) != REQUIRED_ORDINARY) {
            throw missing(REQUIRED_ORDINARY & ~seen);
        } else if ((seen & FOREIGN) != 0) {
            throw new Flaw(Key.first(seen & FOREIGN) + " has no place there");
        }
    }

    private void checkWrites() throws Flaw {
        for (StreamId read : reads.keySet()) {
            if (writes.containsKey(read)) {
                throw new Flaw("a stream stands in both streams and reads");
            }
        }
        List<TransactionId> parentIds = new ArrayList<>(parents.keySet());
        BitSet superseded = new BitSet();
        for (Write write : writes.values()) {
            if (!(write instanceof Superseding superseding)) {
                if (merge()) {
                    throw new Flaw("streams: a merge writes none freely");
                }
                continue;
            }
            int heads = superseding.heads().size();
            if (merge() ? heads < 2 : heads > 1) {
                throw new Flaw("streams, heads: " + heads + (merge() ? "; at least 2" : "; at most 1"));
            }
            for (int i = 0; merge() && i < heads; i++) {
                int parent =
                        Collections.binarySearch(parentIds, superseding.heads().get(i));
                if (parent < 0) {
                    throw new Flaw("a merge's parents are all its heads");
                }
                superseded.set(parent);
            }
        }
        if (merge() && superseded.cardinality() != parentIds.size()) {
            throw new Flaw("a merge's parents are its heads alone");
        }
    }

    private void parents() throws Flaw {
        TransactionId last = null;
        json.enterObject();
        while (json.nextKey()) {
            TransactionId parent = lastId("parents");
            if (last != null && last.compareTo(parent) >= 0) {
                throw new Flaw("parents: not ascending");
            }
            last = parent;
            json.string();
            String half = json.text();
            if (half.length() != Wire.HALF_DIGITS || !Hex.isHex(Wire.ascii(half), 0, Wire.HALF_DIGITS)) {
                throw new Flaw("parents: no hash of 32 lower-case hex digits");
            }
            parents.put(parent, half);
        }
        named(last);
    }

    private void streams(boolean newer) throws Flaw {
        StreamId last = null;
        json.enterObject();
        while (json.nextKey()) {
            last = stream("streams", last);
            writes.put(last, write(newer));
        }
    }

    private void reads() throws Flaw {
        StreamId last = null;
        json.enterObject();
        while (json.nextKey()) {
            last = stream("reads", last);
            if (!(write(false) instanceof Superseding seen)) {
                throw new Flaw("reads: only streams are free");
            }
            reads.put(last, seen.heads());
        }
    }

    private StreamId stream(String where, @Nullable StreamId last) throws Flaw {
        StreamId stream;
        try {
            stream = StreamId.of(json.text());
        } catch (IllegalArgumentException e) {
            throw new Flaw(where + ": " + e.getMessage());
        }
        if (last != null && last.compareTo(stream) >= 0) {
            throw new Flaw(where + ": not ascending");
        }
        return stream;
    }

    /** One entry: {@code {"heads":[…]}} or {@code {"free":true}}; other keys beside heads only in a newer format. */
    private Write write(boolean newer) throws Flaw {
        List<TransactionId> heads = null;
        boolean free = false;
        boolean other = false;
        json.enterObject();
        while (json.nextKey()) {
            if (json.is(HEADS)) {
                heads = heads();
            } else if (json.is(FREE)) {
                json.literal("true");
                free = true;
            } else {
                json.skip();
                other = true;
            }
        }
        if (free ? heads != null || other : heads == null || (other && !newer)) {
            throw new Flaw("an entry of streams or reads has heads, or of streams free, and nothing else");
        }
        return heads == null ? new Free() : new Superseding(heads);
    }

    private List<TransactionId> heads() throws Flaw {
        List<TransactionId> heads = new ArrayList<>(2);
        TransactionId last = null;
        json.enterArray();
        while (json.nextElement()) {
            TransactionId head = id("heads");
            if (last != null && last.compareTo(head) >= 0) {
                throw new Flaw("heads: not ascending");
            }
            last = head;
            heads.add(head);
        }
        named(last);
        return heads;
    }

    private void named(@Nullable TransactionId named) {
        if (named != null && (newestNamed == null || named.compareTo(newestNamed) > 0)) {
            newestNamed = named;
        }
    }

    private TransactionId id(String where) throws Flaw {
        json.string();
        return lastId(where);
    }

    private TransactionId lastId(String where) throws Flaw {
        TransactionId found = null;
        if (!json.escaped) {
            found = Hex.id(bytes, json.from, json.to);
        } else if (TransactionId.isValid(json.text())) {
            found = TransactionId.of(json.text());
        }
        if (found == null) {
            throw new Flaw(where + ": no transaction id");
        }
        return found;
    }

    private ReplicaId replica() throws Flaw {
        json.string();
        String text = json.text();
        if (!ReplicaId.isValid(text)) {
            throw new Flaw("replica: no UUID in 36 lower-case characters");
        }
        return ReplicaId.of(text);
    }

    private String at() throws Flaw {
        json.string();
        String text = json.text();
        boolean good = text.length() == AT.length;
        for (int i = 0; good && i < AT.length; i++) {
            char c = text.charAt(i);
            good = AT[i] == 'd' ? c >= '0' && c <= '9' : c == AT[i];
        }
        if (!good) {
            throw new Flaw("at: not of the form dddd-dd-ddTdd:dd:dd.dddZ");
        }
        return text;
    }

    private String command() throws Flaw {
        json.string();
        String text = json.text();
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > Limits.COMMAND) {
            throw new Flaw("command: " + length + " code points; 1 to " + Limits.COMMAND);
        }
        return text;
    }

    private long integer(String where, long least) throws Flaw {
        json.number();
        int digits = json.to - json.from;
        long value = 0;
        boolean good = digits <= DIGITS;
        for (int i = json.from; good && i < json.to; i++) {
            good = bytes[i] >= '0' && bytes[i] <= '9';
            value = value * 10 + bytes[i] - '0';
        }
        if (!good || value < least) {
            throw new Flaw(where + ": no integer of 1 to " + DIGITS + " digits from " + least);
        }
        return value;
    }

    private static Flaw missing(int keys) {
        return new Flaw(Key.first(keys) + " is missing");
    }
}
