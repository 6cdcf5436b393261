package dev.evstore.core.subscription;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.Subscription;
import dev.evstore.core.SubscriptionState;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one subscription. It waits for the seat of its name, then reads page after page from the saved position
 * and tells one transaction after the other; between two of them it does what it was asked to. What it is asked to and
 * what it does is in {@link Control}.
 */
final class Runner implements Subscription, Runnable {

    private static final System.Logger LOG = System.getLogger(Runner.class.getName());

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration FOREVER = Duration.ofDays(36_500);

    /** How often, at the least, what may end soon is looked at again: trouble, and what another process saves. */
    private static final Duration PULSE = Duration.ofMillis(200);

    /** How many pulses long a store may be unreadable: git may be exchanging files. */
    private static final int PATIENCE = 25;

    private final String name;
    private final Reader reader;
    private final Books books;
    private final Telling telling;
    private final Duration poll;
    private final Duration pulse;
    private final Consumer<Runner> onEnd;
    private final Control control = new Control();
    private final Bell bell = new Bell();
    private final Thread thread;

    /** Where the trouble with reading began, or null. Of the thread. */
    private @Nullable Long troubleSince;
    /** Of the thread. */
    private Books.@Nullable Seat seat;

    Runner(String name, Reader reader, Books books, Telling telling, Duration poll, Consumer<Runner> onEnd) {
        this.name = name;
        this.reader = reader;
        this.books = books;
        this.telling = telling;
        this.poll = poll;
        this.pulse = poll.compareTo(PULSE) < 0 ? poll : PULSE;
        this.onEnd = onEnd;
        this.thread = new Thread(this, "evstore subscription " + name);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Something may have come. */
    void ring() {
        bell.ring();
    }

    void askToClose() {
        control.askToClose();
        bell.ring();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SubscriptionState state() {
        return control.state();
    }

    @Override
    public FeedCursor position() {
        FeedCursor own = control.position();
        return own == null ? books.position(name) : own;
    }

    @Override
    public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
        requireAnotherThread("wait for");
        FeedCursor target = reader.end();
        long end = System.nanoTime() + (atMost.compareTo(FOREVER) < 0 ? atMost : FOREVER).toNanos();
        while (true) {
            long seen = control.moves();
            if (isAt(position(), target)) {
                return true;
            }
            if (control.isOver()) {
                return false;
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            control.awaitMove(seen, Math.min(left, pulse.toNanos()));
        }
    }

    private static boolean isAt(FeedCursor position, FeedCursor target) {
        return position.epoch().equals(target.epoch())
                && position.arrivals() >= target.arrivals()
                && position.retractions() >= target.retractions();
    }

    @Override
    public void pause() {
        control.askToPause();
        bell.ring();
        if (Thread.currentThread() != thread) {
            control.awaitPause();
        }
    }

    @Override
    public void resume() {
        control.resume();
        bell.ring();
    }

    @Override
    public void restart(FeedCursor from) {
        requireAnotherThread("restart");
        Control.Restart asked = control.askToRestart(from);
        bell.ring();
        asked.await();
    }

    private void requireAnotherThread(String what) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a handler can't " + what + " its own subscription " + name);
        }
    }

    @Override
    public void close() {
        askToClose();
        Threads.join(thread);
    }

    @Override
    public void run() {
        try {
            while (!control.isClosing()) {
                Duration rest = turn();
                if (!rest.isZero()) {
                    bell.rest(rest);
                }
            }
        } finally {
            leave();
            control.end();
            onEnd.accept(this);
        }
    }

    /** Does what is next; gives how long to rest before the turn after. */
    private Duration turn() {
        try {
            Control.Restart restart = control.takeRestart();
            if (restart != null) {
                move(restart);
            }
            if (!control.mayRun()) {
                return LONG;
            }
            Books.Seat mine = sit();
            if (mine == null) {
                troubleSince = null;
                return poll;
            }
            FeedPage page = reader.after(control.requirePosition());
            troubleSince = null;
            return tell(page, mine) ? Duration.ZERO : poll;
        } catch (Books.SeatLostException e) {
            LOG.log(System.Logger.Level.WARNING, "subscription {0} has been taken over by another process", name);
            leave();
            return poll;
        } catch (Stop e) {
            fail(e.failed());
            return Duration.ZERO;
        } catch (StaleCursorException e) {
            fail(new SubscriptionState.Failed(SubscriptionState.Reason.STALE_POSITION, e.where(), e));
            return Duration.ZERO;
        } catch (RuntimeException | Error e) {
            return bear(e);
        }
    }

    private Books.@Nullable Seat sit() {
        if (seat == null) {
            seat = books.take(name);
            if (seat != null) {
                // Read only now: until a moment ago somebody else may have moved it.
                control.sitDown(books.position(name));
            }
        }
        return seat;
    }

    /** Tells a page; whether there is more to do at once. */
    private boolean tell(FeedPage page, Books.Seat mine) {
        if (!page.atEnd() && control.fallBehind()) {
            telling.fellBehind();
        }
        for (List<FeedEntry> unit : Reader.units(page)) {
            if (control.isAskedToStop()) {
                return true;
            }
            control.moveTo(telling.tell(unit, mine));
        }
        if (!page.next().equals(control.position())) {
            Telling.save(mine, page.next());
            control.moveTo(page.next());
        }
        if (page.atEnd() && control.catchUp()) {
            telling.caughtUp();
        }
        return !page.atEnd();
    }

    private void move(Control.Restart restart) {
        Books.Seat mine = seat;
        if (mine == null) {
            restart.refuse(new IllegalStateException(name + " is active elsewhere: restart it there"));
            return;
        }
        try {
            Telling.save(mine, restart.from());
        } catch (Stop e) {
            restart.refuse(e.failed().trouble());
            return;
        } catch (RuntimeException | Error e) {
            restart.refuse(e);
            throw e;
        }
        control.restartAt(restart.from());
        restart.done();
    }

    /** Reading failed: tries again for a while before it gives up. */
    private Duration bear(Throwable trouble) {
        long now = System.nanoTime();
        if (troubleSince == null) {
            troubleSince = now;
        }
        if (now - troubleSince < PATIENCE * pulse.toNanos()) {
            return pulse;
        }
        troubleSince = null;
        fail(new SubscriptionState.Failed(SubscriptionState.Reason.STORE, "reading the feed", trouble));
        return Duration.ZERO;
    }

    private void fail(SubscriptionState.Failed failed) {
        if (control.isClosing() && failed.reason() == SubscriptionState.Reason.STORE) {
            // The handler closed the store under itself: what it was being told will be told again.
            LOG.log(System.Logger.Level.DEBUG, "subscription {0} ended at {1}", name, failed.where());
            return;
        }
        control.fail(failed);
        telling.failed(name, failed);
    }

    private void leave() {
        Books.Seat left = seat;
        seat = null;
        if (left != null) {
            control.standUp();
            try {
                left.close();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "the seat of a subscription could not be given up", e);
            }
        }
    }
}
