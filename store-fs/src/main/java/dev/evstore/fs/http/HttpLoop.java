package dev.evstore.fs.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that talks to all clients. It never waits for one of them and never makes an answer that takes work: a slow
 * client costs a buffer, and only until its time is up.
 */
final class HttpLoop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("dev.evstore.projection");

    private static final long LOOK_MILLIS = 250;

    private final Limits limits;
    private final Routes routes;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final Set<String> hosts;
    private final Thread thread;
    private final ThreadPoolExecutor workers;
    /** Oldest first. */
    private final Set<Client> clients = new LinkedHashSet<>();

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

    private record Answer(Client client, Response response, boolean withBody) {}

    private HttpLoop(
            Limits limits, Routes routes, Selector selector, ServerSocketChannel server, InetSocketAddress address) {
        int port = address.getPort();
        this.limits = limits;
        this.routes = routes;
        this.selector = selector;
        this.server = server;
        this.address = address;
        this.hosts = port == 80
                ? Set.of("127.0.0.1", "localhost", "127.0.0.1:80", "localhost:80")
                : Set.of("127.0.0.1:" + port, "localhost:" + port);
        this.workers = new ThreadPoolExecutor(
                limits.workers(),
                limits.workers(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(limits.waiting()),
                work -> daemon(work, "evstore-http-answers"));
        this.thread = daemon(this::run, "evstore-http");
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Listens on the loopback address and begins to answer.
     *
     * @param port 0 for any that is free
     * @throws IOException the port is taken, or may not be used
     */
    static HttpLoop start(int port, Limits limits, Routes routes) throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            HttpLoop loop =
                    new HttpLoop(limits, routes, selector, server, (InetSocketAddress) server.getLocalAddress());
            loop.thread.start();
            return loop;
        } catch (IOException | RuntimeException e) {
            server.close();
            selector.close();
            throw e;
        }
    }

    /** Also when it listens no more. */
    InetSocketAddress address() {
        return address;
    }

    private void run() {
        while (server.isOpen()) {
            try {
                selector.select(this::turn, LOOK_MILLIS);
                takeAnswers();
                long now = System.nanoTime();
                clients.stream().filter(client -> now - client.deadline > 0).forEach(Client::close);
                clients.removeIf(Client::closed);
            } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "the HTTP server has met a failure and goes on", e);
            }
        }
    }

    private void turn(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.isAcceptable()) {
            accept();
            return;
        }
        Client client = (Client) key.attachment();
        try {
            if (key.isWritable()) {
                client.write();
            } else if (key.isReadable()) {
                read(client);
            }
        } catch (IOException e) {
            client.close(); // it went away, which is its right
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                clients.removeIf(Client::closed);
                if (clients.size() >= limits.connections()) {
                    makeRoom();
                }
                channel.configureBlocking(false);
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                long deadline = System.nanoTime() + limits.exchange().toNanos();
                Client client = new Client(channel, key, limits.headBytes(), deadline);
                key.attach(client);
                clients.add(client);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a connection could not be accepted", e);
        }
    }

    /** Lets the oldest go that has not asked; else the oldest. */
    private void makeRoom() {
        Client oldest = clients.stream()
                .filter(Client::asking)
                .findFirst()
                .orElseGet(() -> clients.iterator().next());
        oldest.close();
        clients.remove(oldest);
    }

    private void read(Client client) throws IOException {
        boolean withBody = true;
        try {
            byte @Nullable [] head = client.read();
            if (head != null) {
                withBody = !Request.isHead(head);
                dispatch(client, Request.of(head, hosts));
            }
        } catch (Refused e) {
            client.answer(e.response("the request").bytes(withBody));
        }
    }

    private void dispatch(Client client, Request request) throws IOException {
        Response known = routes.atOnce(request);
        if (known != null) {
            client.answer(known.bytes(!request.head()));
            return;
        }
        long untaken = clients.stream().mapToLong(Client::untaken).sum();
        try {
            if (untaken > limits.answerBytes()) {
                throw new RejectedExecutionException("too many answers are not taken");
            }
            workers.execute(() -> {
                answers.add(new Answer(client, routes.answer(request), !request.head()));
                selector.wakeup();
            });
        } catch (RejectedExecutionException e) {
            client.answer(Response.error(503, "busy", "Too much is asked at once.", "the server", "ask again later")
                    .bytes(!request.head()));
        }
    }

    private void takeAnswers() {
        for (Iterator<Answer> made = answers.iterator(); made.hasNext(); ) {
            Answer answer = made.next();
            made.remove();
            if (answer.client().closed()) {
                continue;
            }
            try {
                answer.client().answer(answer.response().bytes(answer.withBody()));
            } catch (IOException e) {
                answer.client().close();
            }
        }
    }

    /** Ends at once: who waits for an answer gets none. Waits until no answer is being made. */
    @Override
    public synchronized void close() throws IOException {
        if (!server.isOpen()) {
            return;
        }
        server.close();
        selector.wakeup();
        workers.getQueue().clear();
        workers.shutdown(); // no interrupt: what reads files would close them for everybody
        boolean interrupted = false;
        while (thread.isAlive() || !workers.isTerminated()) {
            try {
                thread.join();
                workers.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        clients.forEach(Client::close);
        selector.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
