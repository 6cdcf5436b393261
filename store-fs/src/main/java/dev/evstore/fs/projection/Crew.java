package dev.evstore.fs.projection;

import dev.evstore.core.EventStore;
import dev.evstore.core.StoreException;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A projection at work in this process: its worker, the thread that works and the one that writes, if it has any, and who
 * hears of changes. Thread-safe.
 */
public final class Crew<S> implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Crew.class.getName());

    /** How often others hear of how it goes, at the most. */
    private static final long TELL_NANOS = 500_000_000L;

    private final Workshop shop;
    private final Projection<S> projection;
    private final Worker<S> worker;
    private final Desk desk;
    private final @Nullable ExecutorService writer;
    private final @Nullable ExecutorService reader;
    private final @Nullable Thread thread;
    private final Semaphore bell = new Semaphore(0);
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closing;
    private volatile @Nullable Throwable trouble;
    private long toldAt = System.nanoTime() - TELL_NANOS;
    private String told = "";

    Crew(Workshop shop, Projection<S> projection, boolean threads) {
        this.shop = shop;
        this.projection = projection;
        String name = "evstore projection " + projection.name();
        this.writer = threads ? thread(name + " writer") : null;
        this.reader = threads ? thread(name + " reader") : null;
        this.worker = new Worker<>(new Job<>(
                shop,
                projection,
                reader == null ? shop.store().canonicalReads() : shop.ahead().apply(reader),
                writer == null ? Runnable::run : writer,
                this::tell));
        this.desk = new Desk(shop, projection.name(), worker.version());
        if (threads) {
            Thread made = new Thread(this::run, name);
            made.setDaemon(true);
            thread = made;
        } else {
            thread = null;
        }
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
    }

    void start() {
        worker.prepare();
        if (thread != null) {
            thread.start();
        }
    }

    public Projection<S> projection() {
        return projection;
    }

    /** What is served of it, and asked of it. */
    public Desk desk() {
        return desk;
    }

    /** There may be something to do. */
    void ring() {
        if (bell.availablePermits() == 0) {
            bell.release();
        }
    }

    private void run() {
        try {
            while (!closing) {
                Duration rest = worker.slice();
                say();
                if (!rest.isZero() && bell.tryAcquire(rest.toNanos(), TimeUnit.NANOSECONDS)) {
                    bell.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "a projection's thread was interrupted: it ends", e);
        } catch (RuntimeException | Error e) {
            trouble = e;
            LOG.log(System.Logger.Level.ERROR, "a projection's thread ended: " + projection.name(), e);
        } finally {
            end();
        }
    }

    private void end() {
        try {
            sayNow();
            worker.leave();
        } catch (RuntimeException | Error e) {
            trouble = e;
        } finally {
            shop.signal().changed();
        }
    }

    /**
     * Brings the projection up to what is visible now, on this thread, if nobody else works on it, and nothing is in the
     * way that takes a person.
     *
     * @return false if somebody else works on it
     */
    public boolean catchUp() throws InterruptedException {
        try {
            while (true) {
                Duration rest = worker.slice();
                boolean mine = worker.active();
                if (!rest.isZero()) {
                    if (!mine || worker.paused() || !(worker.readiness() instanceof Readiness.Rebuilding)) {
                        sayNow();
                        return mine || worker.readiness() instanceof Readiness.Failed;
                    }
                    shop.signal().rest(shop.signal().changes(), rest.toNanos());
                }
            }
        } finally {
            worker.leave();
            told = ""; // who takes the seat next begins with what he says himself
        }
    }

    /** By the thread that works: others hear of it. */
    private void say() {
        long now = System.nanoTime();
        if (now - toldAt > TELL_NANOS) {
            toldAt = now;
            sayNow();
        }
    }

    /** Also before nobody is at work: a failure stays to be seen. Who can't say it goes on. */
    private void sayNow() {
        if (!worker.active()) {
            told = "";
            return;
        }
        try {
            String text = Said.text(status());
            if (!text.equals(told)) {
                shop.control().say(projection.name(), worker.version(), text);
                told = text;
            }
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "others don't hear of projection " + projection.name(), e);
        }
    }

    /** Whether it works on nothing, having found that it is to pause, or is not the one at work. */
    public boolean rests() {
        return thread == null || !worker.active() || worker.paused();
    }

    private void tell(Set<String> keys) {
        for (Consumer<Set<String>> listener : listeners) {
            try {
                listener.accept(keys);
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.WARNING, "a listener of projection " + projection.name() + " threw", e);
            }
        }
    }

    public EventStore.Watch onChange(Consumer<Set<String>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    public ProjectionStatus status() {
        Throwable ended = trouble;
        Readiness readiness = ended == null
                ? worker.readiness()
                : new Readiness.Failed("its thread ended: " + ended.getClass().getName());
        boolean own = worker.active() || !(readiness instanceof Readiness.Rebuilding);
        if (thread != null && !own) {
            ProjectionStatus seen = desk.status();
            return seen.active() ? seen : Desk.with(seen, readiness, false);
        }
        ProjectionStatus seen = own ? desk.seen() : desk.status();
        return new ProjectionStatus(
                projection.name(),
                own ? readiness : seen.readiness(),
                seen.paused(),
                worker.active() || seen.active(),
                seen.served(),
                seen.stale(),
                seen.differs(),
                seen.position(),
                seen.lag(),
                worker.counts(seen.counts()),
                own ? worker.lastError() : seen.lastError());
    }

    /** Why its thread ended before its time, or what could not be written at the end; else null. */
    public @Nullable Throwable trouble() {
        Throwable ended = trouble;
        return ended == null ? worker.unwritten() : ended;
    }

    /** Writes what is done and ends; what could not be written is {@link #trouble}. */
    @Override
    public void close() {
        closing = true;
        ring();
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (writer != null && reader != null) {
            writer.shutdown();
            reader.shutdown();
        }
        desk.close();
    }
}
