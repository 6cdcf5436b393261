package dev.evstore.core.format;

import dev.evstore.core.event.EventType;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader.Free;
import dev.evstore.core.history.TransactionHeader.Superseding;
import dev.evstore.core.history.TransactionHeader.Write;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Random transactions, everything of the format in them, from one seed. */
final class Drafts {

    private static final String[] CHARACTERS = {
        "a",
        "Z",
        "0",
        " ",
        "/",
        "-",
        "$",
        "é",
        "ß",
        "\u0416",
        "\u4E2D",
        "\uFF5E",
        "\uD83D\uDE00",
        "\uD800\uDC00",
        "{",
        ","
    };
    private static final String[] ODD = {
        "\"", "\\", "\b", "\t", "\n", "\f", "\r", "\u0000", "\u001F", "\u007F", "\u2028"
    };
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "-17",
        "1.0",
        "1.50",
        "1e5",
        "1E+05",
        "-2.5e-400",
        "9007199254740993",
        "0.1",
        "123456789012345678901234567890"
    };
    private static final String SALT = "AbCdEfGhIjKlMnOpQrSt-_";

    private final Random random;

    Drafts(Random random) {
        this.random = random;
    }

    Draft draft() {
        long millis = 1_760_000_000_000L + random.nextInt(1_000_000);
        TransactionId id = id(millis, 7);
        SortedMap<StreamId, Write> writes = new TreeMap<>();
        SortedMap<StreamId, List<TransactionId>> reads = new TreeMap<>();
        List<Draft.Event> events = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            StreamId stream = StreamId.of(name());
            writes.put(stream, random.nextInt(3) == 0 ? new Free() : new Superseding(ids(millis, random.nextInt(2))));
        }
        List<StreamId> streams = List.copyOf(writes.keySet());
        for (int i = random.nextInt(3); i > 0; i--) {
            StreamId stream = StreamId.of("read " + name() + ".");
            if (!writes.containsKey(stream)) {
                reads.put(stream, ids(millis, random.nextInt(4)));
            }
        }
        streams.forEach(stream -> events.add(event(stream)));
        for (int i = random.nextInt(5); i > 0; i--) {
            events.add(random.nextInt(events.size() + 1), event(pick(streams)));
        }
        SortedMap<TransactionId, String> parents = new TreeMap<>();
        for (TransactionId parent : ids(millis, random.nextInt(5))) {
            parents.put(parent, String.format("%016x%016x", random.nextLong(), random.nextLong()));
        }
        Origin origin = new Origin(
                new ReplicaId(new UUID(random.nextLong(), random.nextLong())),
                1 + (random.nextLong() >>> 5),
                "2026-11-20T06:00:00." + (100 + random.nextInt(900)) + "Z");
        return new Draft(
                id,
                origin,
                parents,
                writes,
                reads,
                random.nextBoolean() ? null : text(1 + random.nextInt(20)),
                random.nextBoolean() ? null : object(2),
                events);
    }

    private Draft.Event event(StreamId stream) {
        List<String> tags = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.add(text(random.nextInt(6)));
        }
        boolean redactable = random.nextInt(4) == 0;
        NewEvent event = new NewEvent(
                EventType.of(text(1 + random.nextInt(8))),
                value(3),
                random.nextInt(3) == 0 ? object(2) : null,
                tags,
                redactable);
        return new Draft.Event(stream, event, redactable ? SALT : null);
    }

    /** The draft that a decoded transaction came from. */
    static Draft of(Transaction transaction) {
        var header = transaction.header();
        List<Draft.Event> events = new ArrayList<>();
        for (int i = 0; i < transaction.lines().size(); i++) {
            byte[] bytes = transaction.line(i);
            EventLine line = EventLine.parse(bytes);
            boolean salted = new String(bytes, StandardCharsets.UTF_8).endsWith(",\"salt\":\"" + SALT + "\"}");
            NewEvent event = new NewEvent(line.type(), line.data(), line.meta(), line.tags(), salted);
            events.add(new Draft.Event(line.stream(), event, salted ? SALT : null));
        }
        Origin origin = Objects.requireNonNull(header.origin());
        return new Draft(
                header.id(),
                origin,
                header.parents(),
                header.writes(),
                header.reads(),
                header.command(),
                header.meta(),
                events);
    }

    /** JSON in the one form in which strings are written, without white space. */
    String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2, 3 -> pick(List.of(NUMBERS));
            case 4, 5 -> quoted(text(random.nextInt(12)));
            case 6 -> {
                List<String> elements = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    elements.add(value(depth - 1));
                }
                yield "[" + String.join(",", elements) + "]";
            }
            default -> object(depth);
        };
    }

    String object(int depth) {
        Map<String, String> members = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            members.put(text(random.nextInt(5)), value(depth - 1));
        }
        List<String> written = new ArrayList<>();
        members.forEach((key, value) -> written.add(quoted(key) + ":" + value));
        return "{" + String.join(",", written) + "}";
    }

    /** Rule M1's strings, written a second time. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> out.append(c < 0x20 ? String.format("\\u%04x", c) : String.valueOf((char) c));
            }
        });
        return out.append('"').toString();
    }

    String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(
                    random.nextInt(5) == 0
                            ? ODD[random.nextInt(ODD.length)]
                            : CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    private String name() {
        StringBuilder name = new StringBuilder("s");
        for (int i = random.nextInt(6); i > 0; i--) {
            name.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return name.append(random.nextInt(3)).toString();
    }

    private List<TransactionId> ids(long before, int count) {
        TreeSet<TransactionId> ids = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            ids.add(id(before - 1 - random.nextInt(1000), random.nextInt(5) == 0 ? 8 : 7));
        }
        return List.copyOf(ids);
    }

    private TransactionId id(long millis, int version) {
        return new TransactionId(
                millis << 16 | (long) version << 12 | random.nextInt(1 << 12), 2L << 62 | random.nextLong() >>> 2);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
