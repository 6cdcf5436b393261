package dev.evstore.core.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Event files for tests: written line by line, with the trailer they need, and read into lists. */
final class EventFiles {

    static final String ID = "01936f2a-0000-7000-8000-000000000001";
    static final String LATER = "01936f2a-0000-7000-8000-000000000002";
    static final String LATEST = "01936f2a-0000-7000-8000-000000000003";
    static final String BEFORE = "01936f29-0000-7000-8000-00000000000a";
    static final String BEFORE_TOO = "01936f29-0000-7000-8000-00000000000b";
    static final String HALF = "0123456789abcdef0123456789abcdef";

    private static final Pattern NAMES = Pattern.compile(
            "^\\{\"stream\":\"([^\"]*)\",\"type\":\"([^\"]*)\"(?:,\"redacted\":\"([0-9a-f]{64})\"\\}$)?");

    private EventFiles() {}

    /** What a reader told. */
    record Told(List<Transaction> transactions, List<Long> offsets, List<String> flaws, List<Long> lines, long work) {

        List<TransactionId> ids() {
            return transactions.stream().map(t -> t.header().id()).toList();
        }

        Transaction only() {
            assertEquals(List.of(), flaws);
            assertEquals(1, transactions.size());
            return transactions.get(0);
        }

        String flaw() {
            assertEquals(1, flaws.size(), flaws::toString);
            return flaws.get(0);
        }
    }

    static Told read(byte[] file) {
        Told told = new Told(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
        EventFileReader.Sink sink = new EventFileReader.Sink() {
            @Override
            public void transaction(Transaction transaction, long offset) {
                told.transactions.add(transaction);
                told.offsets.add(offset);
            }

            @Override
            public void flaw(String what, long line) {
                told.flaws.add(what);
                told.lines.add(line);
            }
        };
        try {
            long work = EventFileReader.readCounting(new ByteArrayInputStream(file), sink);
            return new Told(told.transactions, told.offsets, told.flaws, told.lines, work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Told read(String file) {
        return read(utf8(file));
    }

    /** A valid ordinary header but for what the test puts in. */
    static String header(String id, String rest, String streams, int events) {
        return "{\"v\":1,\"tx\":\"" + id + "\",\"replica\":\"7b1f0c1e-2222-4333-8444-555566667777\",\"seq\":1,"
                + "\"at\":\"2026-11-20T06:00:00.123Z\",\"parents\":{},\"streams\":{" + streams + "}" + rest
                + ",\"events\":" + events + "}";
    }

    static String header(String id) {
        return header(id, "", "\"a\":{\"heads\":[]}", 1);
    }

    static String event(String data) {
        return "{\"stream\":\"a\",\"type\":\"T\",\"data\":" + data + "}";
    }

    /** A transaction of these lines with the right trailer, if stream and type are written first and without escapes. */
    static byte[] sealed(byte[] header, byte[]... events) {
        byte[][] parts = new byte[events.length + 1][];
        parts[0] = header;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        line(out, header);
        for (int i = 0; i < events.length; i++) {
            line(out, events[i]);
            Matcher names = NAMES.matcher(new String(events[i], StandardCharsets.UTF_8));
            boolean found = names.find();
            parts[i + 1] = leaf(
                    found ? names.group(1) : "a",
                    found ? names.group(2) : "T",
                    found && names.group(3) != null
                            ? Sha256.of(names.group(3)).bytes()
                            : Sha256.hash(events[i]).bytes());
        }
        line(out, utf8("{\"sha256\":\"" + Sha256.hash(parts) + "\"}"));
        return out.toByteArray();
    }

    static byte[] sealed(String header, String... events) {
        byte[][] lines = new byte[events.length][];
        for (int i = 0; i < events.length; i++) {
            lines[i] = utf8(events[i]);
        }
        return sealed(utf8(header), lines);
    }

    /** One event on stream a with this data. */
    static byte[] holding(byte[] data) {
        return sealed(utf8(header(ID)), join(utf8("{\"stream\":\"a\",\"type\":\"T\",\"data\":"), data, utf8("}")));
    }

    static byte[] holding(String data) {
        return holding(utf8(data));
    }

    static byte[] golden(String name) {
        try (InputStream in = EventFiles.class.getResourceAsStream("/golden/" + name + ".jsonl")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The definition of the leaf, written a second time. */
    static byte[] leaf(String stream, String type, byte[] lineHash) {
        byte[] s = utf8(stream);
        byte[] t = utf8(type);
        byte[] lengths = HexFormat.of().parseHex(String.format("%08x%08x", s.length, t.length));
        return Sha256.hash(Arrays.copyOf(lengths, 4), s, Arrays.copyOfRange(lengths, 4, 8), t, lineHash)
                .bytes();
    }

    static void line(ByteArrayOutputStream out, byte[] line) {
        out.writeBytes(line);
        out.write('\n');
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
