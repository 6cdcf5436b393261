package dev.evstore.fs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Servers for bare repositories in a directory, on loopback: git's own daemon, and git's own program behind HTTP. */
public final class RemoteServers implements Closeable {

    private static final String HOST = "127.0.0.1";

    private final Path directory;
    private final Deque<Closeable> running = new ArrayDeque<>();
    private final CountDownLatch ending = new CountDownLatch(1);

    public RemoteServers(Path directory) {
        this.directory = directory;
    }

    public String file(String repository) {
        return directory.resolve(repository).toUri().toString();
    }

    /** Starts git's daemon; the address of a repository there. */
    public String git(String repository) {
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Process daemon = new ProcessBuilder(
                            "git",
                            "daemon",
                            "--reuseaddr",
                            "--listen=" + HOST,
                            "--port=" + port,
                            "--base-path=" + directory,
                            "--export-all",
                            "--enable=receive-pack",
                            "--informative-errors",
                            directory.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            running.push(() -> {
                daemon.descendants().forEach(ProcessHandle::destroy);
                daemon.destroy();
            });
            awaitListening(daemon, port);
            return "git://" + HOST + ":" + port + "/" + repository;
        } catch (IOException e) {
            throw new UncheckedIOException("the git program is needed", e);
        }
    }

    private static void awaitListening(Process daemon, int port) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try (Socket connected = new Socket()) {
                connected.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException e) {
                if (!daemon.isAlive() || System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    /** Starts an HTTP server in front of git's program; the address of a repository there. */
    public String http(String repository) {
        return "http://" + http(this::answer) + "/" + repository;
    }

    /** One that lets in nobody but Anna. */
    public String guarded(String repository) {
        String anna = "Basic " + Base64.getEncoder().encodeToString("anna:secret".getBytes(StandardCharsets.UTF_8));
        return "http://"
                + http(exchange -> {
                    if (anna.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                        answer(exchange);
                    } else {
                        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                        exchange.sendResponseHeaders(401, -1);
                    }
                })
                + "/" + repository;
    }

    /** One that takes every question and answers none until the end. */
    public String silent(CountDownLatch asked) {
        return "http://"
                + http(exchange -> {
                    asked.countDown();
                    try {
                        ending.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                + "/silent.git";
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private String http(Answer answer) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            ExecutorService threads = Executors.newCachedThreadPool();
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try (exchange) {
                    answer.to(exchange);
                }
            });
            server.start();
            running.push(() -> {
                server.stop(0);
                threads.shutdownNow();
            });
            return HOST + ":" + server.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As RFC 3875 has it: the question in the environment, headers and body as answer. */
    private void answer(HttpExchange exchange) throws IOException {
        byte[] question = exchange.getRequestBody().readAllBytes();
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> variables = builder.environment();
        variables.put("GIT_PROJECT_ROOT", directory.toString());
        variables.put("GIT_HTTP_EXPORT_ALL", "1");
        variables.put("REQUEST_METHOD", exchange.getRequestMethod());
        variables.put("PATH_INFO", exchange.getRequestURI().getPath());
        String query = exchange.getRequestURI().getRawQuery();
        variables.put("QUERY_STRING", query == null ? "" : query);
        variables.put("REMOTE_USER", "anna");
        variables.put("REMOTE_ADDR", HOST);
        variables.put("CONTENT_LENGTH", String.valueOf(question.length));
        put(variables, "CONTENT_TYPE", exchange, "Content-Type");
        put(variables, "HTTP_CONTENT_ENCODING", exchange, "Content-Encoding");
        put(variables, "GIT_PROTOCOL", exchange, "Git-Protocol");
        Process backend = builder.start();
        Thread asking = new Thread(() -> {
            try (var to = backend.getOutputStream()) {
                to.write(question);
            } catch (IOException e) {
                backend.destroy(); // it has heard enough, or died: its answer tells
            }
        });
        asking.start();
        try (InputStream from = backend.getInputStream()) {
            int status = headers(from, exchange);
            byte[] body = from.readAllBytes();
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void put(Map<String, String> variables, String name, HttpExchange exchange, String header) {
        String value = exchange.getRequestHeaders().getFirst(header);
        if (value != null) {
            variables.put(name, value);
        }
    }

    private static int headers(InputStream from, HttpExchange exchange) throws IOException {
        int status = 200;
        for (String line = line(from); !line.isEmpty(); line = line(from)) {
            String[] header = line.split(": ", 2);
            if (header[0].equals("Status")) {
                status = Integer.parseInt(header[1].substring(0, 3));
            } else {
                exchange.getResponseHeaders().set(header[0], header[1]);
            }
        }
        return status;
    }

    private static String line(InputStream from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = from.read(); c >= 0 && c != '\n'; c = from.read()) {
            line.write(c);
        }
        byte[] bytes = line.toByteArray();
        int end = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        return new String(Arrays.copyOf(bytes, end), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        ending.countDown();
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }
}
