package dev.evstore.core.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is in a file, there are transactions and flaws, and no transaction that was not written. */
class DamageProperties {

    @Property(tries = 300)
    void anyBytesAreTransactionsAndFlaws(@ForAll byte[] bytes) { // V2
        EventFiles.Told told = EventFiles.read(bytes);

        assertEquals(List.of(), told.transactions());
        assertFalse(told.flaws().isEmpty());
    }

    @Property(tries = 500)
    void aDamagedFileHoldsOnlyWhatWasWritten(@ForAll long seed) { // V1, V2
        Random random = new Random(seed);
        List<Transaction> written = new ArrayList<>();
        byte[] file = file(random, written);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            file = damaged(file, random);
        }

        EventFiles.Told told = EventFiles.read(file);

        // Equal transactions have equal bytes: no other bytes carry a valid trailer.
        assertTrue(written.containsAll(told.transactions()));
        if (told.flaws().isEmpty()) {
            assertEquals(
                    told.transactions().stream().mapToInt(t -> t.bytes().length).sum(), file.length);
        }
        for (int i = 0; i < told.transactions().size(); i++) {
            int offset = told.offsets().get(i).intValue();
            byte[] bytes = told.transactions().get(i).bytes();
            int end = Math.min(offset + bytes.length, file.length);
            assertTrue(Arrays.equals(bytes, 0, end - offset, file, offset, end));
        }
    }

    @Property(tries = 200)
    void oneFlippedBitIsFound(@ForAll long seed) {
        Random random = new Random(seed);
        List<Transaction> written = new ArrayList<>();
        byte[] file = file(random, written);
        int bit = random.nextInt(8 * file.length);
        file[bit / 8] ^= (byte) (1 << bit % 8);

        EventFiles.Told told = EventFiles.read(file);

        assertFalse(told.flaws().isEmpty());
        assertTrue(written.containsAll(told.transactions()));
    }

    @Property(tries = 150)
    void howTheStreamIsCutIntoReadsChangesNothing(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] file = damaged(file(random, new ArrayList<>()), random);
        List<String> slowly = new ArrayList<>();
        EventFileReader.Sink sink = new EventFileReader.Sink() {
            @Override
            public void transaction(Transaction transaction, long offset) {
                slowly.add(offset + " " + transaction);
            }

            @Override
            public void flaw(String what, long line) {
                slowly.add(line + " " + what);
            }
        };
        EventFileReader.read(new TricklingStream(file, random), sink);

        EventFiles.Told told = EventFiles.read(file);
        assertEquals(told.transactions().size() + told.flaws().size(), slowly.size());
        for (int i = 0; i < told.flaws().size(); i++) {
            assertTrue(slowly.contains(told.lines().get(i) + " " + told.flaws().get(i)));
        }
        for (int i = 0; i < told.transactions().size(); i++) {
            assertTrue(slowly.contains(
                    told.offsets().get(i) + " " + told.transactions().get(i)));
        }
    }

    private static byte[] file(Random random, List<Transaction> written) {
        Drafts drafts = new Drafts(random);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            if (random.nextInt(4) == 0) {
                Merges.Case one = Merges.random(random, drafts);
                written.add(TransactionEncoder.encodeMerge(one.heads(), one.trailers(), one.events()));
            } else {
                written.add(TransactionEncoder.encode(drafts.draft()));
            }
        }
        return EventFiles.join(written.stream().map(Transaction::bytes).toArray(byte[][]::new));
    }

    private static byte[] damaged(byte[] file, Random random) {
        int from = random.nextInt(file.length + 1);
        int to = from + random.nextInt(file.length + 1 - from);
        byte[] head = Arrays.copyOf(file, from);
        byte[] middle = Arrays.copyOfRange(file, from, to);
        byte[] tail = Arrays.copyOfRange(file, to, file.length);
        switch (random.nextInt(6)) {
            case 0 -> {
                return head.length == 0 ? file : head;
            }
            case 1 -> {
                return head.length + tail.length == 0 ? file : EventFiles.join(head, tail);
            }
            case 2 -> {
                return EventFiles.join(head, middle, middle, tail);
            }
            case 3 -> {
                byte[] noise = new byte[random.nextInt(8)];
                random.nextBytes(noise);
                return EventFiles.join(head, noise, middle, tail);
            }
            case 4 -> {
                return withLines(file, random);
            }
            default -> {
                byte[] flipped = file.clone();
                flipped[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
                return flipped;
            }
        }
    }

    /** A line doubled, taken away, or moved. */
    private static byte[] withLines(byte[] file, Random random) {
        List<byte[]> lines = new ArrayList<>();
        for (int from = 0; from < file.length; ) {
            int to = from;
            while (to < file.length && file[to] != '\n') {
                to++;
            }
            to = Math.min(to + 1, file.length);
            lines.add(Arrays.copyOfRange(file, from, to));
            from = to;
        }
        byte[] line = lines.get(random.nextInt(lines.size()));
        if (random.nextBoolean() && lines.size() > 1) {
            lines.remove(line);
        }
        if (random.nextBoolean()) {
            lines.add(random.nextInt(lines.size() + 1), line);
        }
        return EventFiles.join(lines.toArray(byte[][]::new));
    }

    /** Gives what it has in small pieces. */
    private static final class TricklingStream extends ByteArrayInputStream {

        private final Random random;

        TricklingStream(byte[] bytes, Random random) {
            super(bytes);
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(length, 1 + random.nextInt(9)));
        }
    }
}
