package dev.evstore.fs.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.projection.Readiness;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class ProjectionServerTest {

    private static final Limits PATIENT = Limits.DEFAULT;

    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeHost fake = new FakeHost();
    private ProjectionServer server = ProjectionServer.start(0, () -> "meters 1\n", PATIENT);

    @AfterEach
    void end() {
        server.close();
    }

    private void startWith(Limits limits) {
        server.close();
        server = ProjectionServer.start(0, null, limits);
        server.serve(fake.host());
    }

    private HttpRequest request(String target) {
        return HttpRequest.newBuilder(URI.create(base() + target)).build();
    }

    private String base() {
        return "http://127.0.0.1:" + server.address().getPort();
    }

    private HttpResponse<String> get(String target) throws Exception {
        return http.send(request(target), BodyHandlers.ofString());
    }

    private Socket connect() throws IOException {
        return new Socket(server.address().getAddress(), server.address().getPort());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("-");
    }

    @Test
    void healthIsAnsweredFromTheStartAndNothingIsReadyYet() throws Exception {
        assertEquals(200, get("/health").statusCode());
        assertEquals(503, get("/ready").statusCode());
        assertEquals(503, get("/projections").statusCode(), "an empty list would say that there are none");
        HttpResponse<String> row = get("/projections/items/a");
        assertEquals(503, row.statusCode());
        assertEquals("rebuilding", header(row, "X-Projection-Status"));
    }

    @Test
    void R2_readyIsAnsweredOnlyOnceAllAre() throws Exception {
        server.serve(fake.host());
        assertEquals(200, get("/ready").statusCode());
        fake.readiness = new Readiness.Rebuilding(0.25, Duration.ofSeconds(90));
        HttpResponse<String> not = get("/ready");
        assertEquals(503, not.statusCode());
        assertTrue(
                not.body()
                        .contains(
                                "\"name\":\"items\",\"state\":\"rebuilding\",\"progress\":0.25,\"eta\":90,\"paused\":false"),
                not.body());
        assertTrue(not.body().contains("\"lag\":7"), not.body());
        fake.readiness = new Readiness.Failed("a handler threw");
        assertTrue(get("/ready").body().contains("\"state\":\"failed\",\"reason\":\"a handler threw\""));
    }

    @Test
    void withoutACompleteStateRowsAre503AndSayWhy() throws Exception {
        server.serve(fake.host());
        fake.served = false;
        fake.readiness = new Readiness.Rebuilding(0, null);
        assertEquals(503, get("/projections/items/a").statusCode());
        assertEquals("rebuilding", header(get("/projections/items"), "X-Projection-Status"));
        fake.readiness = new Readiness.Failed("a handler threw");
        assertEquals(503, get("/projections/items").statusCode());
        assertEquals("failed", header(get("/projections/items/a"), "X-Projection-Status"));
    }

    @Test
    void S8_aCompleteStateIsServedWhateverIsBuiltBesideIt() throws Exception {
        server.serve(fake.host());
        fake.rows.put("a", "{\"n\":1.50}");
        fake.readiness = new Readiness.Rebuilding(0.5, null);
        HttpResponse<String> row = get("/projections/items/a");
        assertEquals(200, row.statusCode());
        assertEquals("{\"n\":1.50}", row.body());
        assertEquals("rebuilding", header(row, "X-Projection-Status"));
        assertEquals("application/json", header(row, "Content-Type"));
        assertFalse(header(row, "X-Projection-Position").equals("-"));
        fake.readiness = new Readiness.Failed("x");
        assertEquals(200, get("/projections/items/a").statusCode());
        assertEquals("failed", header(get("/projections/items/none"), "X-Projection-Status"));
        assertEquals(404, get("/projections/items/none").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a%2Fb", "a%2fb", "%61/%62"})
    void aKeyMayHoldSlashes(String encoded) throws Exception {
        server.serve(fake.host());
        fake.rows.put("a/b", "1");
        assertEquals("1", get("/projections/items/" + encoded).body());
    }

    @Test
    void rowsComeInPagesThatGoOnBehindTheLastKey() throws Exception {
        server.serve(fake.host());
        for (int i = 100; i < 125; i++) {
            fake.rows.put("k" + i, String.valueOf(i));
        }
        fake.rows.put("other", "0");
        HttpResponse<String> first = get("/projections/items?prefix=k&limit=20");
        assertTrue(first.body().startsWith("{\"rows\":[{\"key\":\"k100\",\"state\":100},"), first.body());
        assertTrue(first.body().endsWith("{\"key\":\"k119\",\"state\":119}],\"next\":\"k119\"}"), first.body());
        HttpResponse<String> second = get("/projections/items?prefix=k&limit=20&after=k119");
        assertTrue(second.body().endsWith("{\"key\":\"k124\",\"state\":124}],\"next\":null}"), second.body());
        assertEquals("{\"projections\":[\"items\"]}", get("/projections").body());
    }

    @Test
    void aPageOfLargeRowsEndsEarlyAndSaysSo() throws Exception {
        server.serve(fake.host());
        String large = "\"" + "x".repeat(1 << 20) + "\"";
        for (int i = 10; i < 40; i++) {
            fake.rows.put("k" + i, large);
        }
        String page = get("/projections/items?limit=1000").body();
        assertTrue(page.length() < 10 << 20, "characters: " + page.length());
        assertTrue(page.endsWith("\"next\":\"k17\"}"), page.substring(page.length() - 30));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/projections/items?limit=0",
                "/projections/items?limit=1001",
                "/projections/items?limit=99999999999",
                "/projections/items?limit=x",
                "/projections/items?x=1",
                "/projections/items/a?x=1",
                "/projections/items/%ff"
            })
    void whatIsAskedWronglyIsRefused(String target) throws Exception {
        server.serve(fake.host());
        HttpResponse<String> refused = get(target);
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().startsWith("{\"error\":\"malformed\",\"what\":\""), refused.body());
    }

    @Test
    void whatIsNotThereIs404() throws Exception {
        server.serve(fake.host());
        for (String target : List.of("/", "/none", "/health/x", "/projections/none", "/projections/none/a", "/..")) {
            assertEquals(404, get(target).statusCode(), target);
        }
        assertEquals("meters 1\n", get("/metrics").body());
        startWith(PATIENT);
        assertEquals(404, get("/metrics").statusCode());
    }

    @Test
    void headIsEverythingButTheBody() throws Exception {
        server.serve(fake.host());
        fake.rows.put("a", "12345");
        HttpResponse<String> head = http.send(
                HttpRequest.newBuilder(URI.create(base() + "/projections/items/a"))
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, head.statusCode());
        assertEquals("5", header(head, "Content-Length"));
        assertEquals("", head.body());
    }

    @Test
    void headOfWhatIsRefusedHasNoBodyEither() throws Exception {
        int port = server.address().getPort();
        String host = "Host: localhost:" + port + "\r\n\r\n";
        for (String request : List.of(
                "HEAD /health HTTP/1.1\r\nHost: stranger.example\r\n\r\n",
                "HEAD /health?a=%ff HTTP/1.1\r\n" + host,
                "HEAD /health HTTP/3\r\n" + host)) {
            String answer = asked(request);
            assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
            assertTrue(answer.endsWith("\r\n\r\n"), answer);
        }
    }

    @Test
    void noOtherOriginIsLetIn() throws Exception {
        server.serve(fake.host());
        HttpResponse<String> answered = http.send(
                HttpRequest.newBuilder(URI.create(base() + "/ready"))
                        .header("Origin", "https://evil.example")
                        .build(),
                BodyHandlers.ofString());
        assertTrue(answered.headers().map().keySet().stream()
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control")));
        assertEquals("nosniff", header(answered, "X-Content-Type-Options"));
        assertTrue(asked("GET /ready HTTP/1.1\r\nHost: evil.example\r\n\r\n").startsWith("HTTP/1.1 421 "));
    }

    @Test
    void onlyTheLoopbackAddressIsListenedOn() {
        assertTrue(server.address().getAddress().isLoopbackAddress());
    }

    /** What a connection answers to these bytes, to its end. */
    private String asked(String bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void aRequestIsTakenHoweverItComesInPieces() throws Exception {
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            for (byte b : ("GET /health HTTP/1.1\r\nHost: localhost:"
                            + server.address().getPort() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)) {
                socket.getOutputStream().write(b);
                socket.getOutputStream().flush();
            }
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        }
    }

    @Test
    void aHeadThatDoesNotEndIsRefusedAtItsLimit() throws Exception {
        assertTrue(asked("GET /" + "x".repeat(20_000)).startsWith("HTTP/1.1 431 "));
        assertTrue(asked("x".repeat(8 << 10)).startsWith("HTTP/1.1 431 "));
    }

    @Test
    void whatComesBehindARequestCostsNobodyTheAnswer() throws Exception {
        String answer = asked("GET /health HTTP/1.1\r\nHost: 127.0.0.1:"
                + server.address().getPort() + "\r\n\r\n" + "y".repeat(30_000));
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
    }

    @Test
    void slowClientsKeepNobodyWaitingAndAreCutOff() throws Exception {
        startWith(new Limits(64, 8 << 10, Duration.ofMillis(300), 4, 64, 1 << 20));
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                Socket socket = connect();
                socket.getOutputStream().write("GET /health HT".getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            assertEquals(200, get("/health").statusCode());
            for (Socket socket : slow) {
                assertEquals(-1, endOf(socket.getInputStream())); // without an answer, once its time is up
            }
            assertEquals(200, get("/ready").statusCode());
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static int endOf(InputStream in) throws IOException {
        try {
            return in.read();
        } catch (SocketException e) {
            return -1; // a reset is an end, too
        }
    }

    @Test
    void aFloodOfConnectionsMakesTheOldestGoThatHasNotAsked() throws Exception {
        startWith(new Limits(8, 8 << 10, Duration.ofSeconds(60), 4, 64, 1 << 20));
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                idle.add(connect());
            }
            assertEquals(200, get("/health").statusCode());
            assertEquals(-1, endOf(idle.get(0).getInputStream()));
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void healthIsAnsweredWhileEveryAnswerIsStuckAndMoreAreTurnedAway() throws Exception {
        startWith(new Limits(64, 8 << 10, Duration.ofSeconds(60), 2, 3, 1 << 20));
        CountDownLatch gate = new CountDownLatch(1);
        fake.gate = gate;
        fake.rows.put("a", "1");
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(http.sendAsync(request("/projections/items/a"), BodyHandlers.ofString()));
        }
        CompletableFuture.anyOf(all.toArray(CompletableFuture[]::new)).join(); // the first that was turned away
        assertEquals(200, get("/health").statusCode());
        gate.countDown();
        List<Integer> statuses =
                all.stream().map(answer -> answer.join().statusCode()).toList();
        assertEquals(5, statuses.stream().filter(status -> status == 200).count(), statuses::toString);
        assertEquals(7, statuses.stream().filter(status -> status == 503).count(), statuses::toString);
    }

    @Test
    void aBugIsToldAsOneAndTheNextRequestIsAnswered() throws Exception {
        server.serve(fake.host());
        fake.rows.put("a", "1");
        fake.broken = true;
        HttpResponse<String> told = get("/projections/items/a");
        assertEquals(500, told.statusCode());
        assertTrue(told.body().startsWith("{\"error\":\"bug\","), told.body());
        fake.broken = false;
        assertEquals(200, get("/projections/items/a").statusCode());
    }

    @Test
    void aTakenPortIsNamed() {
        StoreUnusableException taken = assertThrows(
                StoreUnusableException.class,
                () -> ProjectionServer.start(server.address().getPort(), null));
        assertTrue(taken.where().contains("127.0.0.1:" + server.address().getPort()), taken.where());
        assertThrows(IllegalArgumentException.class, () -> ProjectionServer.start(70_000, null));
    }

    @Test
    void afterTheEndNobodyListens() throws Exception {
        server.close();
        server.close();
        assertThrows(ConnectException.class, () -> get("/health"));
    }
}
