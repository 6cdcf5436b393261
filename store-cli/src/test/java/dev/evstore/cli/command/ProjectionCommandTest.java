package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.codec.PayloadException;
import dev.evstore.core.codec.Payloads;
import dev.evstore.core.projection.Projection;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.ProjectionHost;
import dev.evstore.fs.ProjectionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ProjectionCommandTest {

    static final String ISSUES = """
            projections:
              - name: issues
                key: stream
                streams: "issue-*"
                fields:
                  title: { on: [Opened, Renamed], set: /title }
                  state:
                    - { on: Opened, value: open }
                    - { on: Closed, value: closed }
                  comments: { on: Commented, count: true }
                  minutes: { on: Commented, sum: /minutes }
              - name: all
                key: single
                fields:
                  events: { on: "*", count: true }
            """;

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aStoreWithDeclarations() throws IOException {
        world = new World(directory);
        world.stores = new World.OnFiles();
        world.run("", "init", directory.toString());
        declare(ISSUES);
        append("issue-1", "Opened", "{\"title\":\"It burns\"}");
        append("issue-1", "Commented", "{\"minutes\":2.50}");
        append("issue-2", "Opened", "{\"title\":\"It \\u202efloods\"}");
        append("note", "Commented", "{\"minutes\":1}");
    }

    private void declare(String text) throws IOException {
        Files.writeString(directory.resolve("projections.yaml"), text);
    }

    private void append(String stream, String type, String data) {
        World.Ran ran = run("append", stream, "--type", type, "--data", data);
        assertEquals(0, ran.exit(), ran.err());
    }

    private World.Ran run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "-C";
        all[1] = directory.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return world.run("", all);
    }

    @Test
    void showsWhatIsDeclaredAndWhereItStands() {
        Transcript.holds(getClass(), "declared", world);
    }

    @Test
    void R6_whatIsAskedIsRememberedUntilSomebodyWorks() {
        Transcript.holds(getClass(), "asked", world);
    }

    @Test
    void endsWithOneWhileEventsAreParked() { // R4
        append("issue-2", "Commented", "{\"minutes\":\"long\"}");
        append("issue-2", "Commented", "{\"minutes\":4}");
        Transcript.holds(getClass(), "parked", world);
    }

    @Test
    void endsWithOneWhileOneHasFailed() throws IOException { // R4
        declare(ISSUES.replace("    streams: \"issue-*\"\n", "    errors: stop\n"));
        append("issue-2", "Commented", "{\"minutes\":\"long\"}");
        Transcript.holds(getClass(), "failed", world);
    }

    @Test
    void R2_oneThatFailedIsInNobodysWayAndShowsWhatItServes() throws IOException {
        declare(ISSUES.replace("    streams: \"issue-*\"\n", "    errors: stop\n"));
        run("projection", "show", "issues");
        append("issue-2", "Commented", "{\"minutes\":\"long\"}");
        Transcript.holds(getClass(), "one failed", world);
    }

    @Test
    void R4_manyFailedEventsAreNamedInPart() {
        for (int i = 0; i < 12; i++) {
            append("issue-2", "Commented", "{\"minutes\":\"long\"}");
        }
        Transcript.holds(getClass(), "many parked", world);
    }

    @Test
    void forgetsWhatIsNotDeclaredAnyMore() throws IOException {
        run("projection", "show", "issues");
        declare(ISSUES.replace("name: issues", "name: tickets"));
        Transcript.holds(getClass(), "forgotten", world);
    }

    @Test
    void looksAtWhatAnApplicationKeeps() throws IOException {
        Files.delete(directory.resolve("projections.yaml"));
        try (FileEventStore store = new World.OnFiles().openFiles(directory);
                ProjectionHost host = ProjectionHost.open(
                        store, COUNTS, ProjectionOptions.defaults().withoutThreads(), List.of(counts()))) {
            host.catchUp();
        }
        Transcript.holds(getClass(), "of an application", world);
    }

    private static final EventCodec<Count> COUNTS = EventCodec.of(Count.class, new Payloads() {
                @Override
                public String write(Object value) {
                    return String.valueOf(((Count) value).events());
                }

                @Override
                public <T> T read(String json, Class<T> type) {
                    if (type != Count.class) {
                        throw new PayloadException("not a count");
                    }
                    return type.cast(new Count(Long.parseLong(json)));
                }
            })
            .type("count", Count.class)
            .build();

    record Count(long events) {}

    private static Projection<Count> counts() {
        return Projection.named("counts")
                .version(1)
                .perStream()
                .initially(() -> new Count(0))
                .onEvery((count, event) -> new Count(count.events() + 1))
                .build();
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }

    @Test
    void refusesADeclarationThatCannotBeUsed() throws IOException {
        declare(ISSUES.replace("sum: /minutes", "average: /minutes"));
        Transcript.holds(getClass(), "bad declaration", world);
    }
}
