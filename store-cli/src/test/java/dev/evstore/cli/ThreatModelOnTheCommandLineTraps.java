package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.event.EventType;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.FileEventStore;
import dev.evstore.testkit.Foreign;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a peer can't do to who uses the command line: the rest of the sentences of the README's threat model. */
@Timeout(120)
class ThreatModelOnTheCommandLineTraps {

    /** Escape sequences, other controls, bidirectional and invisible characters, half of a pair. */
    private static final String STEERING =
            "\u001b[2J\u001b]0;x\u0007\r\n\u0008\u009b31m\u202e\u2066\u200b\ufeff\u00ad\ufff9\udb40\udc41";

    /** What of it a stream's name may hold. */
    private static final String NAME = "s\u00ad\ufff9\udb40\udc41\u180e";

    /** Made by the program itself on a terminal: colours, and progress that is written over. */
    private static final String COLOURS = "\u001b\\[([0-9]+m|K)";

    @TempDir
    private Path directory;

    @TempDir
    private Path elsewhere;

    private final List<TransactionId> written = new ArrayList<>();

    @BeforeEach
    void aStoreThatAPeerHasWrittenTo() throws IOException {
        FileEventStore.create(directory).close();
        NewEvent event = new NewEvent(
                EventType.of("T" + STEERING),
                json(STEERING),
                "{" + json("k" + STEERING) + ":" + json(STEERING) + "}",
                List.of("t" + STEERING),
                false);
        Transaction first =
                Foreign.at(1).onto(NAME).command(STEERING).event(NAME, event).build();
        Transaction left =
                Foreign.at(2).onto(NAME, first.header().id()).event(NAME, event).build();
        Transaction right =
                Foreign.at(3).onto(NAME, first.header().id()).event(NAME, event).build();
        Transaction reader = Foreign.at(4)
                .onto("reader")
                .read(NAME)
                .command(STEERING)
                .event("reader", event)
                .build();
        Transaction free = Foreign.at(5).free(NAME).event(NAME, event).build();
        Transaction lost = Foreign.at(6)
                .onto(NAME + "x", Foreign.id(9, 9))
                .event(NAME + "x", event)
                .build();
        Transaction odd = Foreign.at(7)
                .onto(NAME + "y", reader.header().id())
                .event(NAME + "y", event)
                .build();
        Transaction newer = Foreign.newer(
                Foreign.at(8).onto(NAME + "z").event(NAME + "z", event).build());
        Transaction redacted =
                Foreign.redacted(Foreign.at(9).onto("r").event("r", event).build(), 0);
        for (Transaction one : List.of(first, left, right, reader, free, lost, odd, newer, redacted)) {
            write(one.header().id() + ".jsonl", one.bytes());
            written.add(one.header().id());
        }
        write("%1B%5B2J%0A%E2%80%AE.jsonl", ("rubbish " + STEERING + "\n").getBytes(StandardCharsets.UTF_8));
        write("%0D%9B.jsonl", new byte[0]);
        write("invalid.jsonl", ("{\"v\":1,\"" + "\u202e" + "\":1}\n").getBytes(StandardCharsets.UTF_8));
        Files.createSymbolicLink(named("%1B%5B2J%E2%80%AE-link.jsonl"), Path.of("nowhere"));
    }

    /** By URI: a name is bytes, and this process may be unable to write them as text. */
    private Path named(String name) throws IOException {
        Path month = Files.createDirectories(directory.resolve("events/2026-10"));
        return Path.of(URI.create(month.toUri() + name));
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(named(name), bytes);
    }

    /** A JSON string in which only what has to be is escaped. */
    private static String json(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = c < ' ' || c == '"' || c == '\\';
            out.append(escaped ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return out.append('"').toString();
    }

    private World.Ran run(boolean terminal, String input, String... arguments) {
        World world = new World(directory);
        world.stores = new FileStores();
        world.terminal = terminal;
        boolean placed = arguments[0].equals("-C");
        List<String> all = new ArrayList<>(placed ? List.of() : List.of("-C", directory.toString()));
        all.addAll(List.of(arguments));
        return world.run(input, all.toArray(String[]::new));
    }

    private void assertSteersNothing(String input, String... arguments) {
        for (boolean terminal : new boolean[] {false, true}) {
            for (boolean json : new boolean[] {false, true}) {
                List<String> all = new ArrayList<>(List.of(arguments));
                if (json) {
                    all.add("--json");
                }
                World.Ran ran = run(terminal, input, all.toArray(String[]::new));
                assertNotEquals(ExitCode.BUG, ran.exit(), () -> all + ": " + ran.err());
                assertPlain(all, terminal ? ran.out().replaceAll(COLOURS, "") : ran.out());
                // Progress rewrites its own line, and says nothing but counts.
                assertPlain(
                        all,
                        (terminal ? ran.err().replaceAll(COLOURS, "").replace("\r", "") : ran.err())
                                .replace("\n\tat ", "\nat "));
            }
        }
    }

    private static void assertPlain(List<String> command, String printed) {
        printed.codePoints().forEach(c -> {
            int kind = Character.getType(c);
            boolean steers = (kind == Character.CONTROL && c != '\n')
                    || kind == Character.FORMAT
                    || kind == Character.SURROGATE
                    || kind == Character.LINE_SEPARATOR
                    || kind == Character.PARAGRAPH_SEPARATOR;
            assertFalse(steers, () -> String.format("%s printed U+%04X: %s", command, c, printed));
        });
    }

    @Test
    void noTerminalIsSteered() throws IOException { // V1
        for (String command : List.of(
                "status",
                "streams",
                "forks",
                "verify",
                "log",
                "export",
                "digest",
                "feed",
                "restore",
                "reindex",
                "log --graph",
                "export --format cloudevents",
                "export --feed",
                "reindex --from-scratch",
                "status --stale-reads",
                "feed --type T",
                "show " + written.get(0) + "/0")) {
            assertSteersNothing("", command.split(" ", -1));
        }
        for (TransactionId id : written) {
            assertSteersNothing("", "show", id.toString());
        }
        for (String stream : List.of(NAME, NAME + "x", NAME + "z", "r", "reader")) {
            assertSteersNothing("", "read", stream);
            assertSteersNothing("", "read", stream, "--backwards");
            assertSteersNothing("", "forks", stream);
            assertSteersNothing("", "streams", stream);
        }
        Files.delete(named(written.get(0) + ".jsonl"));
        assertSteersNothing("", "feed");
        assertTrue(run(false, "", "status").out().contains("\\u001b")
                || run(false, "", "verify").exit() == 1);
    }

    @Test
    void noTerminalIsSteeredByWhatIsRefused() throws IOException {
        Path bad = Files.writeString(elsewhere.resolve("in.jsonl"), "{\"stream\":\"a\",\"" + STEERING + "\":1}\n");
        assertSteersNothing("", "read", STEERING);
        assertSteersNothing("", "read", "a" + STEERING, "--debug");
        assertSteersNothing("", "show", STEERING);
        assertSteersNothing("", "feed", "--after", STEERING);
        assertSteersNothing("", "feed", "--glob", "[" + STEERING);
        assertSteersNothing("", "read", "a", "--from", STEERING);
        assertSteersNothing("", "export", "--format", STEERING);
        assertSteersNothing("", STEERING);
        assertSteersNothing("", "status", "--" + STEERING);
        assertSteersNothing("", "status", STEERING);
        assertSteersNothing("", "append", "a", "--type", STEERING, "--data", STEERING);
        assertSteersNothing("", "append", STEERING, "--type", "T", "--data", "1");
        assertSteersNothing("", "append", "a", "--type", "T", "--data", "1", "--meta", STEERING);
        assertSteersNothing("", "append", "a", "--type", "T", "--data", "1", "--expect", STEERING);
        assertSteersNothing("", "append", NAME, "--type", "T", "--data", "1", "--expect", "7");
        assertSteersNothing("", "append", NAME + "z", "--type", "T", "--data", "1");
        assertSteersNothing(STEERING + "\n", "import", "-");
        assertSteersNothing("", "import", bad.toString());
        assertSteersNothing(
                "{\"stream\":\"a\",\"type\":\"T\",\"data\":" + json(STEERING).replace("\\u001b", "\u001b"),
                "import",
                "-");
        assertSteersNothing("{\"stream\":" + STEERING + "}\n", "append", "--stdin");
        assertSteersNothing("", "init", directory.resolve("new\u202e").toString());
        assertEquals(
                ExitCode.STORE_UNUSABLE,
                run(false, "", "-C", "no\u202ewhere", "status").exit());
        assertSteersNothing("", "-C", "no\u202ewhere", "status");
    }
}
