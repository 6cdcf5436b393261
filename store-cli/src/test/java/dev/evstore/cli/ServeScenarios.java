package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of the blueprint serve, with the program as a process of its own where it serves. */
@Timeout(300)
final class ServeScenarios {

    private static final String COUNTS = """
            projections:
              - name: items
                key: stream
                fields: { n: { on: Added, sum: /n } }
              - name: all
                key: single
                fields: { events: { on: "*", count: true } }
            """;

    /**
     * Whoever starts a build behind a shell's back has told it to ignore interrupts, and a process hands that on to those
     * it starts. GNU's env takes it back.
     */
    private static final List<String> HEEDING_INTERRUPTS = heedingInterrupts();

    private static List<String> heedingInterrupts() {
        List<String> env = List.of("env", "--default-signal=INT");
        try {
            List<String> tried = new ArrayList<>(env);
            tried.add("true");
            Process process =
                    new ProcessBuilder(tried).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0 ? env : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Serving> started = new ArrayList<>();
    private World world;

    @BeforeEach
    void aStore() throws IOException {
        world = new World(directory);
        world.stores = new FileStores();
        assertEquals(0, world.run("", "init", directory.toString()).exit());
        declare(COUNTS);
        add("a/b", "1");
    }

    @AfterEach
    void endAll() throws InterruptedException {
        for (Serving serving : started) {
            serving.process.destroyForcibly().waitFor();
        }
    }

    private void declare(String text) throws IOException {
        Files.writeString(directory.resolve("projections.yaml"), text);
    }

    private void add(String stream, String n) {
        assertEquals(
                0,
                run("append", stream, "--type", "Added", "--data", "{\"n\":" + n + "}")
                        .exit());
    }

    private World.Ran run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-C", directory.toString()));
        all.addAll(List.of(arguments));
        return world.run("", all.toArray(String[]::new));
    }

    /** A process that serves. */
    private final class Serving {

        final Process process;
        final BufferedReader out;
        final String address;

        Serving(String... more) throws IOException {
            List<String> command = new ArrayList<>(HEEDING_INTERRUPTS);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.evstore.cli.Main",
                    "-C",
                    directory.toString(),
                    "serve",
                    "--port",
                    "0"));
            command.addAll(List.of(more));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            started.add(this);
            out = process.inputReader(StandardCharsets.UTF_8);
            String first = String.valueOf(out.readLine());
            Matcher at = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+").matcher(first);
            assertTrue(at.find(), first);
            address = at.group();
        }

        HttpResponse<String> get(String target) throws Exception {
            return http.send(
                    HttpRequest.newBuilder(URI.create(address + target)).build(), BodyHandlers.ofString());
        }

        /** Waits for what is told on standard output. */
        void awaitTold(String line) throws IOException {
            for (String told = out.readLine(); !line.equals(told); told = out.readLine()) {
                assertNotEquals(null, told, "it ended without: " + line);
            }
        }
    }

    @Test
    void aStoreIsServedWhileItIsStillBeingBuilt() throws Exception {
        run("projection", "pause", "items");
        Serving serving = new Serving();
        assertEquals("{\"status\":\"up\"}", serving.get("/health").body());
        serving.awaitTold("all is ready");
        assertEquals(503, serving.get("/ready").statusCode());
        HttpResponse<String> row = serving.get("/projections/items/a%2Fb");
        assertEquals(503, row.statusCode());
        assertEquals(
                "rebuilding", row.headers().firstValue("X-Projection-Status").orElse(""));
        assertEquals("{\"events\":1}", serving.get("/projections/all/").body());

        run("projection", "resume", "items");
        serving.awaitTold("items is ready");
        assertEquals(200, serving.get("/ready").statusCode());
        HttpResponse<String> ready = serving.get("/projections/items/a/b");
        assertEquals("{\"n\":1}", ready.body());
        assertEquals("ready", ready.headers().firstValue("X-Projection-Status").orElse(""));
        assertTrue(ready.headers().firstValue("X-Projection-Position").isPresent());
        assertTrue(
                serving.get("/metrics").body().contains("evstore_projection_lag_from_head{projection=\"items\"} 0.0"));
    }

    @Test
    void theProcessIsKilledAndStartedAgain() throws Exception {
        Serving first = new Serving("--json");
        first.awaitTold("{\"projection\":\"items\",\"state\":\"ready\"}");
        first.process.destroyForcibly().waitFor();
        add("c", "2");
        run("projection", "pause", "items", "all");

        Serving second = new Serving();
        second.awaitTold("items is rebuilding");
        HttpResponse<String> kept = second.get("/projections/items/a%2fb");
        assertEquals(200, kept.statusCode(), kept.body());
        assertEquals("{\"n\":1}", kept.body());
        run("projection", "resume", "items", "all");
        second.awaitTold("items is ready");
        assertEquals("{\"n\":2}", second.get("/projections/items/c").body());
    }

    @Test
    void theProcessIsToldToEnd() throws Exception {
        Serving serving = new Serving();
        serving.awaitTold("items is ready");
        String pid = String.valueOf(serving.process.pid());
        assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
        assertTrue(serving.process.waitFor(2, TimeUnit.MINUTES), "it does not end when it is interrupted");
        assertEquals(ExitCode.INTERRUPTED, serving.process.exitValue());
        Serving again = new Serving();
        again.process.destroy();
        assertEquals(143, again.process.waitFor());
        assertEquals(0, run("projection", "show", "items").exit()); // nobody holds the state any more
    }

    @Test
    void aProjectionIsDeclaredAndRead() {
        World.Ran shown = run("projection", "show", "items", "--json");
        assertTrue(shown.out().startsWith("{\"key\":\"a/b\",\"state\":{\"n\":1},"), shown.out());
        assertEquals(1, shown.out().lines().count());
    }

    @Test
    void aDeclarationIsChanged() throws IOException {
        run("projection", "show", "items");
        run("projection", "show", "all");
        add("c", "2");
        String before = run("projection", "status", "all", "--json").out();
        declare(COUNTS.replace("sum: /n", "max: /n"));
        String stale = run("projection", "status", "items", "--json").out();
        assertTrue(stale.contains("\"state\":\"rebuilding\"") && stale.contains("\"served\":true"), stale);
        assertTrue(stale.contains("\"stale\":true"), stale);
        assertEquals(before, run("projection", "status", "all", "--json").out());
        assertTrue(before.contains("\"lag\":1"), before);
        assertTrue(run("projection", "show", "items").out().contains("c  {\"n\":2}"));
    }

    @Test
    void aDeclarationTriesMoreThanItMay() throws IOException {
        for (String hostile :
                List.of("projections: !!java.net.URL [x]\n", "projections: &a [*a]\n", "[".repeat(5_000))) {
            declare(hostile);
            for (String[] command : new String[][] {{"projection", "status"}, {"serve"}}) {
                World.Ran ran = run(command);
                assertEquals(ExitCode.USAGE, ran.exit(), ran.err());
                assertTrue(ran.err().contains("where: projections.yaml, line 1"), ran.err());
            }
            assertEquals(0, run("status").exit());
        }
    }

    @Test
    void anEventDoesNotFitAFold() {
        add("a/b", "\"many\"");
        add("a/b", "2");
        assertEquals("a/b  {\"n\":3}\n", run("projection", "show", "items").out());
        World.Ran status = run("projection", "status", "items");
        assertEquals(ExitCode.FINDINGS, status.exit());
        assertTrue(status.out().contains("1 event could not be folded and is parked"), status.out());
    }

    @Test
    void aPageInABrowserAsksUnderAnotherName() throws Exception {
        Serving serving = new Serving();
        URI address = URI.create(serving.address);
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write("GET /ready HTTP/1.1\r\nHost: evil.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 421 "), answer);
        }
    }

    @Test
    void aClientIsSlow() throws Exception {
        Serving serving = new Serving();
        serving.awaitTold("items is ready");
        URI address = URI.create(serving.address);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) { // more than may be open at once
                Socket socket = new Socket(address.getHost(), address.getPort());
                socket.getOutputStream().write("GET ".getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            assertEquals(200, serving.get("/health").statusCode());
            assertEquals("{\"n\":1}", serving.get("/projections/items/a/b").body());
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }
}
