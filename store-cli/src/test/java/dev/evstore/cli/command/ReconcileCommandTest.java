package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.format.Transaction;
import dev.evstore.testkit.Foreign;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReconcileCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() throws IOException {
        world = new World(directory);
        // What it is told is kept, so that a test can show it.
        script(
                "decide",
                "cat > " + directory + "/told",
                "echo '{\"resolve\":[{\"stream\":\"account-1\","
                        + "\"type\":\"Checked\",\"data\":{\"n\":1.0,\"a\":2},\"tags\":[\"t\"]}]}'");
        script("refuse", "echo '{\"unresolvable\":\"ask Anna\"}'");
        script("fail", "echo 'no such account' >&2", "exit 3");
        script("garbage", "echo [1]");
        script("strange", "echo '{\"resolve\":[{\"stream\":\"elsewhere\",\"type\":\"T\",\"data\":1}]}'");
    }

    private void script(String name, String... lines) throws IOException {
        Files.writeString(directory.resolve(name + ".sh"), String.join("\n", lines) + "\n");
    }

    @Test
    void acceptsTheOrder() { // F3, M1
        world.fork();
        Transcript.holds(getClass(), "accept the order", world);
    }

    @Test
    void triesWithoutWriting() { // M3
        world.fork();
        Transcript.holds(getClass(), "dry run", world);
    }

    @Test
    void takesOnlyTheUnitsNamed() { // F5
        world.fork();
        Transcript.holds(getClass(), "streams", world);
    }

    @Test
    void T50_leavesAStreamWithoutItsMiddle() { // T50, F7
        Transaction first = Foreign.at(1).onto("a").event("a", "First").build();
        Transaction middle = Foreign.at(2)
                .onto("a", first.header().id())
                .event("a", "Middle")
                .build();
        Transaction last =
                Foreign.at(3).onto("a", middle.header().id()).event("a", "Last").build();
        world.anna.ingest(List.of(first, last));
        Transcript.holds(getClass(), "a stream without its middle", world);
    }

    @Test
    void asksAProgram() throws IOException { // M1
        world.fork();
        Transcript.holds(getClass(), "a program", world);
        String told = Files.readString(directory.resolve("told"));
        assertTrue(
                told.startsWith("{\"streams\":{\"account-1\":{\"ancestorVersion\":1,\"ancestor\":[{\"stream\":"), told);
        assertTrue(told.endsWith("],\"free\":[]}}}\n"), told);
        assertTrue(told.contains("\"data\":{\"amount\":70.0}"), "numbers keep their text");
    }

    @Test
    void leavesWhatAProgramDoesNotResolve() { // M3
        world.fork();
        Transcript.holds(getClass(), "a program that does not", world);
    }

    @Test
    void findsAClassAsAService() throws IOException {
        world.fork();
        Path source = directory.resolve("Accounts.java");
        Files.writeString(
                source,
                "package example; import dev.evstore.core.reconcile.*; import dev.evstore.core.event.NewEvent;"
                        + " public final class Accounts implements Resolver {"
                        + " @Override public Resolution resolve(ForkContext fork) { return Resolution.resolve("
                        + "fork.streams().get(0).id(), NewEvent.of(\"ByClass\", \"1\")); } }");
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.evstore.core.reconcile.Resolver"), "example.Accounts\n");
        StringWriter said = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        boolean done = compiler.getTask(
                        said,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-cp", coreClasses()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertTrue(done, said::toString);
        Transcript.holds(getClass(), "a class", world);
    }

    /** Where this very process has the resolver's interface from, whether as a module or not. */
    private static String coreClasses() {
        return System.getProperty("java.class.path", "")
                + File.pathSeparator
                + System.getProperty("jdk.module.path", "");
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
