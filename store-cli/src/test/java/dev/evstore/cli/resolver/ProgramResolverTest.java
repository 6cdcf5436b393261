package dev.evstore.cli.resolver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.Trouble;
import dev.evstore.cli.World;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.reconcile.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that behave as programs do. */
class ProgramResolverTest {

    private static final Map<String, String> VARIABLES = Map.of("PATH", "/usr/bin:/bin", "GREETING", "hello");

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aFork() {
        world = new World(directory);
        world.fork();
    }

    private ReconcileReport shell(Duration most, String script) {
        Resolver resolver = new ProgramResolver("decide", List.of("/bin/sh", "-c", script), VARIABLES, most);
        return world.anna.reconcile(resolver, ReconcileOptions.all());
    }

    private String reason(Duration most, String script) {
        ReconcileReport report = shell(most, script);
        assertEquals(Why.FAILED, report.unresolved().get(0).why());
        assertEquals(1, world.anna.forks().size());
        return report.unresolved().get(0).reason();
    }

    @Test
    void aProgramThatHangsIsEndedWithThoseItStarted() throws IOException {
        Path started = directory.resolve("started");
        assertEquals(
                "the resolver failed: decide: it took longer than 1 s",
                reason(Duration.ofSeconds(1), "sleep 1000 & echo $! > " + started + "; wait"));
        long child = Long.parseLong(Files.readString(started).strip());
        ProcessHandle.of(child).ifPresent(left -> left.onExit().join());
    }

    @Test
    void aProgramThatReadsNothingAndSaysNothingIsEnded() {
        assertTrue(reason(Duration.ofSeconds(1), "exec sleep 1000").endsWith("it took longer than 1 s"));
    }

    @Test
    void aProgramThatPrintsWithoutEndIsEnded() {
        assertEquals(
                "the resolver failed: decide: it printed more than 32 MiB",
                reason(Duration.ofMinutes(1), "exec cat /dev/zero"));
    }

    @Test
    void whatItSaysOnStandardErrorIsPartOfTheReason() {
        String reason =
                reason(Duration.ofMinutes(1), "echo 'no  such\n account' >&2; yes | head -c 100000 >&2; exit 3");
        assertTrue(
                reason.startsWith("the resolver failed: decide: it ended with exit code 3: no such account"), reason);
        assertTrue(reason.length() < 600, reason);
    }

    @Test
    void bytesThatAreNoTextAreNoAnswer() {
        assertTrue(reason(Duration.ofMinutes(1), "printf '\\377'").endsWith("what it printed is not UTF-8"));
        assertTrue(reason(Duration.ofMinutes(1), "echo nonsense").contains("what it printed is no answer"));
        assertTrue(reason(Duration.ofMinutes(1), "true").contains("what it printed is no answer"));
    }

    @Test
    void aProgramNeedNotReadItsInputAndHasTheEnvironmentOfTheUser() {
        ReconcileReport report =
                shell(Duration.ofMinutes(1), "exec <&-; echo \"{\\\"unresolvable\\\":\\\"$GREETING $HOME\\\"}\"");
        assertEquals("hello ", report.unresolved().get(0).reason());
        assertEquals(Why.UNRESOLVABLE, report.unresolved().get(0).why());
    }

    @Test
    void nothingInTheWorkingDirectoryIsStartedByItsName() {
        for (String path : List.of(".", "", "relative:")) {
            assertThrows(Trouble.class, () -> ProgramResolver.of(List.of("sh"), Map.of("PATH", path)));
        }
        assertThrows(Trouble.class, () -> ProgramResolver.of(List.of(""), VARIABLES));
        assertThrows(Trouble.class, () -> ProgramResolver.of(List.of("./pom.xml"), VARIABLES));
    }
}
