package dev.evstore.core.subscription;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.SubscriptionState;
import dev.evstore.core.SubscriptionState.CatchingUp;
import dev.evstore.core.SubscriptionState.Closed;
import dev.evstore.core.SubscriptionState.Failed;
import dev.evstore.core.SubscriptionState.Live;
import dev.evstore.core.SubscriptionState.Paused;
import dev.evstore.core.SubscriptionState.Standby;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription does and what it is asked to do: where its thread and all others meet. The thread obeys between two
 * transactions.
 *
 * <pre>
 *              seat                    end of feed
 *   Standby ────────► CatchingUp ────────────────────► Live
 *      ▲                  ▲  ◄──── more than a page ─────┘
 *      │ seat lost        │ resume, restart
 *      └── any            └── Paused ◄── pause: any but Failed       Failed ◄── any       Closed ◄── any
 * </pre>
 */
final class Control {

    private SubscriptionState state = new Standby();
    /** The position saved last by this subscription; null while it has no seat. */
    private @Nullable FeedCursor position;
    /** Whether it has the seat. */
    private boolean seated;

    private boolean pausing;
    private boolean closing;
    private @Nullable Restart restart;
    private long moves;

    /** A wish to go on elsewhere, which somebody waits for. */
    static final class Restart {
        private final FeedCursor from;
        private final CompletableFuture<FeedCursor> answer = new CompletableFuture<>();

        Restart(FeedCursor from) {
            this.from = from;
        }

        FeedCursor from() {
            return from;
        }

        void done() {
            answer.complete(from);
        }

        void refuse(Throwable why) {
            answer.completeExceptionally(why);
        }

        void await() {
            try {
                answer.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException why) {
                    throw why;
                }
                throw e;
            }
        }
    }

    synchronized SubscriptionState state() {
        return state;
    }

    synchronized @Nullable FeedCursor position() {
        return position;
    }

    synchronized FeedCursor requirePosition() {
        return Objects.requireNonNull(position, "who has the seat has a position");
    }

    synchronized boolean isClosing() {
        return closing;
    }

    synchronized boolean isAskedToStop() {
        return closing || pausing || restart != null;
    }

    /** Whether waiting for it makes no sense. */
    synchronized boolean isOver() {
        return state instanceof Failed || state instanceof Closed;
    }

    /** How often anything changed. */
    synchronized long moves() {
        return moves;
    }

    synchronized void awaitMove(long seen, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; moves == seen && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    // What others ask.

    synchronized void askToClose() {
        closing = true;
        moved();
    }

    synchronized void askToPause() {
        pausing = !isOver();
        moved();
    }

    /** Waits until it has paused, or does no more anyway, or somebody has asked it to go on. */
    synchronized void awaitPause() {
        boolean interrupted = false;
        while (pausing && !(state instanceof Paused) && !isOver()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void resume() {
        pausing = false;
        if (state instanceof Paused || state instanceof Failed) {
            goOn();
        }
    }

    synchronized Restart askToRestart(FeedCursor from) {
        if (!seated || closing) {
            throw new IllegalStateException(
                    "only the active subscription of a name is restarted; this one is " + state);
        }
        if (restart != null) {
            throw new IllegalStateException("a restart is under way");
        }
        restart = new Restart(from);
        moved();
        return restart;
    }

    // What the thread does.

    /** Whether it may tell: neither paused nor failed. */
    synchronized boolean mayRun() {
        if (pausing && !(state instanceof Failed)) {
            become(new Paused());
        }
        return !(state instanceof Paused) && !(state instanceof Failed);
    }

    synchronized @Nullable Restart takeRestart() {
        Restart taken = restart;
        restart = null;
        return taken;
    }

    synchronized void restartAt(FeedCursor from) {
        position = from;
        if (state instanceof Failed || state instanceof Live) {
            become(new CatchingUp());
        }
        moved();
    }

    synchronized void sitDown(FeedCursor saved) {
        seated = true;
        position = saved;
        become(new CatchingUp());
    }

    synchronized void standUp() {
        seated = false;
        if (!closing) {
            position = null;
            if (!(state instanceof Paused)) {
                become(new Standby());
            }
        }
    }

    synchronized void moveTo(FeedCursor saved) {
        position = saved;
        moved();
    }

    /** From catching up to live; whether that is so. */
    synchronized boolean catchUp() {
        if (state instanceof CatchingUp) {
            become(new Live());
            return true;
        }
        return false;
    }

    /** From live to catching up; whether that is so. */
    synchronized boolean fallBehind() {
        if (state instanceof Live) {
            become(new CatchingUp());
            return true;
        }
        return false;
    }

    synchronized void fail(Failed failed) {
        pausing = false;
        become(failed);
    }

    synchronized void end() {
        seated = false;
        closing = true;
        become(new Closed());
        if (restart != null) {
            restart.refuse(new IllegalStateException("the subscription is closed"));
            restart = null;
        }
    }

    private void goOn() {
        become(seated ? new CatchingUp() : new Standby());
    }

    private void become(SubscriptionState next) {
        state = next;
        moved();
    }

    private void moved() {
        moves++;
        notifyAll();
    }
}
