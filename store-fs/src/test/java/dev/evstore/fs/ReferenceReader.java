package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.EventStore;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.history.Fork;
import dev.evstore.core.history.ForkUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a store's answers against an independent reader of the format, which gets nothing but the files. Where
 * {@code -Devstore.shared=DIR} names it, every store that the tests leave behind is read by it; elsewhere nothing is.
 */
final class ReferenceReader {

    private static final @Nullable String SHARED = System.getProperty("evstore.shared");

    /** Prints, a line each and in one order, everything the two have to agree about. */
    private static final String SCRIPT = """
            import sys
            sys.dont_write_bytecode = True
            sys.path.insert(0, sys.argv[1])
            sys.stdout.reconfigure(encoding='utf-8', newline='\\n')
            import reference
            r = reference.summary(sys.argv[2])
            print('transactions', r['transactions'], 'events', r['events'], 'digest', r['digest'])
            print('units', r['units'])
            print('incomplete', r['incomplete'])
            print('dangling', r['dangling'])
            for s in sorted(r['stream_digests'], key=lambda s: s.encode()):
                print('stream', [s], r['stream_digests'][s])
                print(' order', ' '.join('%s/%d' % (t, k) for t, k in r['streams'].get(s, [])))
                print(' heads', ' '.join(r['heads'].get(s, [])), 'ancestor', r['ancestor'].get(s, '-'))
            """;

    private ReferenceReader() {}

    static void check(Path directory, EventStore store) {
        if (SHARED == null) {
            return;
        }
        store.refresh();
        assertEquals(readByReference(directory), answers(store));
    }

    /** Order, heads, ancestors and digests, of each stream and of the whole, in words. */
    static String answers(EventStore store) {
        StoreStatus status = store.status();
        List<ForkUnit> units = status.forks();
        StringBuilder out = new StringBuilder();
        out.append("transactions " + status.transactions() + " events " + status.events() + " digest " + status.digest()
                + "\n");
        List<String> names = new ArrayList<>();
        for (ForkUnit unit : units) {
            names.add(list(unit.streams().stream().map(Object::toString).toList()));
        }
        names.sort(Comparator.naturalOrder());
        out.append("units [" + String.join(", ", names) + "]\n");
        out.append("incomplete " + list(status.incomplete()) + "\n");
        out.append("dangling " + list(status.dangling()) + "\n");
        for (StreamInfo stream : store.streams("")) {
            out.append("stream " + list(List.of(stream.id())) + " "
                    + stream.state().digest() + "\n");
            out.append(" order "
                    + String.join(
                            " ",
                            store.read(stream.id()).events().stream()
                                    .map(event -> event.id().toString())
                                    .toList())
                    + "\n");
            String ancestor = units.stream()
                    .flatMap(unit -> unit.forks().stream())
                    .filter(fork -> fork.stream().equals(stream.id()))
                    .map(Fork::ancestorVersion)
                    .map(String::valueOf)
                    .findFirst()
                    .orElse("-");
            out.append(" heads "
                    + String.join(
                            " ", stream.heads().stream().map(Object::toString).toList())
                    + " ancestor " + ancestor + "\n");
        }
        return out.toString();
    }

    /** As Python prints a list of texts that need no escapes. */
    private static String list(List<?> all) {
        return "[" + String.join(", ", all.stream().map(one -> "'" + one + "'").toList()) + "]";
    }

    private static String readByReference(Path directory) {
        try {
            Path errors = Files.createTempFile("reference", ".err");
            Process process = new ProcessBuilder("python3", "-c", SCRIPT, SHARED + "/tools", directory.toString())
                    .redirectError(errors.toFile())
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            assertEquals(0, code, () -> "the independent reader failed: " + errors);
            Files.delete(errors);
            return printed;
        } catch (IOException e) {
            throw new IllegalStateException("python3 and the independent reader are needed for -Devstore.shared", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
