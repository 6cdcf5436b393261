package dev.evstore.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a store that takes its lock and writes. Callers wait for it; interrupting a caller interrupts no
 * write (rule A5), the caller stays interrupted and gets its answer. Appends that wait together are handed over
 * together (rule A4).
 *
 * @param <A> what an append is
 * @param <R> what it gives
 */
final class StoreThread<A, R> {

    /** How many appends are handed over at once at the most. */
    static final int GROUP = 1000;

    private final LinkedBlockingDeque<Job<A, R>> queue = new LinkedBlockingDeque<>();
    private final Consumer<List<Waiting<A, R>>> appends;
    private final Thread thread;
    private volatile boolean closing;

    StoreThread(String name, Consumer<List<Waiting<A, R>>> appends) {
        this.appends = appends;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    private sealed interface Job<A, R> {}

    /** An append and who waits for it. */
    record Waiting<A, R>(A append, CompletableFuture<R> answer) implements Job<A, R> {}

    private record Task<A, R>(Runnable work) implements Job<A, R> {}

    private record End<A, R>() implements Job<A, R> {}

    Thread thread() {
        return thread;
    }

    void start() {
        thread.start();
    }

    R append(A append) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        put(new Waiting<>(append, answer));
        return await(answer);
    }

    /** Runs something on the thread, between appends, and waits for it. */
    <T> T call(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        put(new Task<>(() -> {
            try {
                answer.complete(work.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        }));
        return await(answer);
    }

    private synchronized void put(Job<A, R> job) {
        if (closing) {
            throw new IllegalStateException("the store is closed");
        }
        queue.add(job);
    }

    /** Lets what waits end, then ends the thread. */
    void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
            queue.add(new End<>());
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (Job<A, R> job = take(); !(job instanceof End<A, R>); ) {
            if (job instanceof Waiting<A, R> first) {
                job = appendGroup(first);
            } else if (job instanceof Task<A, R> task) {
                task.work().run();
                job = take();
            }
        }
    }

    /** Hands over an append and those that wait right behind it; gives what comes next. */
    private Job<A, R> appendGroup(Waiting<A, R> first) {
        List<Waiting<A, R>> group = new ArrayList<>(List.of(first));
        @Nullable Job<A, R> next = queue.poll();
        while (next instanceof Waiting<A, R> more && group.size() < GROUP) {
            group.add(more);
            next = queue.poll();
        }
        appends.accept(group);
        return next == null ? take() : next;
    }

    private Job<A, R> take() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread; what waits still has to be answered.
                assert !thread.isInterrupted();
            }
        }
    }

    private static <T> T await(CompletableFuture<T> answer) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException trouble) {
                        throw trouble;
                    }
                    throw new IllegalStateException("the store's thread failed", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
