package dev.evstore.testkit;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.format.Draft;
import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.format.TransactionEncoder;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds a transaction that another replica wrote, from nothing but what the test says: {@code Foreign.at(5)
 * .onto("a", head).event("a", "Opened").build()}. And makes of a transaction what became of it elsewhere.
 */
public final class Foreign {

    /** Who writes if the test names nobody. */
    public static final ReplicaId REPLICA = new ReplicaId(new UUID(0, 0xF0));

    private final TransactionId id;
    private ReplicaId replica = REPLICA;
    private long sequence = 1;
    private final TreeMap<TransactionId, String> parents = new TreeMap<>();
    private final TreeMap<StreamId, TransactionHeader.Write> writes = new TreeMap<>();
    private final TreeMap<StreamId, List<TransactionId>> reads = new TreeMap<>();
    private final List<Draft.Event> events = new ArrayList<>();
    private @Nullable String command;

    private Foreign(TransactionId id) {
        this.id = id;
    }

    /** A transaction of this many milliseconds after {@link ManualClock#START}; negative for before. */
    public static Foreign at(long millis) {
        return at(millis, 0);
    }

    /** Of the same millisecond, the one with the greater tail follows. */
    public static Foreign at(long millis, int tail) {
        return withId(id(ManualClock.START.toEpochMilli() + millis, tail));
    }

    public static Foreign withId(TransactionId id) {
        return new Foreign(id);
    }

    /** An ordinary id of these milliseconds since 1970. */
    public static TransactionId id(long epochMillis, int tail) {
        return new TransactionId(epochMillis << 16 | 0x7000, Long.MIN_VALUE | tail);
    }

    public Foreign by(ReplicaId writer) {
        replica = writer;
        return this;
    }

    /** The writer's own count; 1 if the test says nothing, so that many transactions share it. */
    public Foreign numbered(long number) {
        sequence = number;
        return this;
    }

    public Foreign parent(Transaction parent) {
        return parent(parent.header().id(), parent.header().trailer().half());
    }

    public Foreign parent(TransactionId parent, String trailerHalf) {
        parents.put(parent, trailerHalf);
        return this;
    }

    /** It writes the stream and supersedes these heads of it, one at most; none for a new stream. */
    public Foreign onto(String stream, TransactionId... heads) {
        writes.put(StreamId.of(stream), new TransactionHeader.Superseding(List.of(heads)));
        return this;
    }

    public Foreign free(String stream) {
        writes.put(StreamId.of(stream), new TransactionHeader.Free());
        return this;
    }

    public Foreign read(String stream, TransactionId... heads) {
        reads.put(StreamId.of(stream), List.of(heads));
        return this;
    }

    public Foreign command(String key) {
        command = key;
        return this;
    }

    /** An event with an empty object for data. */
    public Foreign event(String stream, String type) {
        return event(stream, NewEvent.of(type, "{}"));
    }

    public Foreign event(String stream, NewEvent event) {
        events.add(new Draft.Event(StreamId.of(stream), event, null));
        return this;
    }

    public Transaction build() {
        Origin origin = new Origin(replica, sequence, Origin.format(ManualClock.START));
        return TransactionEncoder.encode(new Draft(id, origin, parents, writes, reads, command, null, events));
    }

    /** The merge that supersedes these heads of one stream, with these events. */
    public static Transaction merge(String stream, List<Transaction> heads, NewEvent... resolution) {
        TreeMap<StreamId, List<TransactionId>> superseded = new TreeMap<>();
        superseded.put(
                StreamId.of(stream),
                heads.stream().map(head -> head.header().id()).sorted().toList());
        TreeMap<TransactionId, String> trailers = new TreeMap<>();
        heads.forEach(
                head -> trailers.put(head.header().id(), head.header().trailer().half()));
        List<Draft.Event> events = Arrays.stream(resolution)
                .map(event -> new Draft.Event(StreamId.of(stream), event, null))
                .toList();
        return TransactionEncoder.encodeMerge(superseded, trailers, events);
    }

    /** The same transaction with the data of one event taken out. */
    public static Transaction redacted(Transaction transaction, int ordinal) {
        byte[] line = transaction.line(ordinal);
        String text = new String(line, StandardCharsets.UTF_8);
        String names = text.substring(0, text.indexOf(",\"data\":"));
        String left = names + ",\"redacted\":\"" + Sha256.hash(line) + "\"}";
        List<String> lines = lines(transaction);
        lines.set(1 + ordinal, left);
        return parse(lines);
    }

    /** The same transaction as a newer format would say it, with a trailer that fits. */
    public static Transaction newer(Transaction transaction) {
        List<String> lines = lines(transaction);
        String header = lines.get(0).replaceFirst("\\{\"v\":1,", "{\"v\":2,");
        ByteArrayOutputStream covered = new ByteArrayOutputStream();
        covered.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        transaction.lines().forEach(line -> covered.writeBytes(line.leaf().bytes()));
        lines.set(0, header);
        lines.set(lines.size() - 1, "{\"sha256\":\"" + Sha256.hash(covered.toByteArray()) + "\"}");
        return parse(lines);
    }

    private static List<String> lines(Transaction transaction) {
        String text = new String(transaction.bytes(), StandardCharsets.UTF_8);
        return new ArrayList<>(text.lines().toList());
    }

    private static Transaction parse(List<String> lines) {
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        List<Transaction> found = new ArrayList<>();
        try {
            EventFileReader.read(new ByteArrayInputStream(bytes), new EventFileReader.Sink() {
                @Override
                public void transaction(Transaction transaction, long offset) {
                    found.add(transaction);
                }

                @Override
                public void flaw(String what, long line) {
                    throw new IllegalStateException("line " + line + ": " + what);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (found.size() != 1) {
            throw new IllegalStateException("one transaction was meant, there are " + found.size());
        }
        return found.get(0);
    }
}
