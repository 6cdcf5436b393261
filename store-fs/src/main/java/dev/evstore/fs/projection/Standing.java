package dev.evstore.fs.projection;

import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.engine.ProjectionFailedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How things stand with a projection, as its worker found them. One thread finds, any may ask. */
final class Standing {

    /** What the worker is doing. */
    enum Phase {
        STANDBY,
        CATCHING_UP,
        READY,
        WAITING,
        FAILED
    }

    private record State(Phase phase, String reason, boolean paused) {}

    private final String name;
    private final Duration patience;
    private final Signal signal;
    private final Progress progress = new Progress();
    private volatile State state = new State(Phase.STANDBY, "", false);
    private volatile @Nullable String lastError;
    private volatile @Nullable Throwable unwritten;

    Standing(String name, Workshop shop) {
        this.name = name;
        this.patience = shop.patience();
        this.signal = shop.signal();
    }

    boolean is(Phase phase) {
        return state.phase() == phase;
    }

    void become(Phase phase) {
        become(phase, "");
    }

    void become(Phase phase, String reason) {
        State now = state;
        if (now.phase() != phase || !now.reason().equals(reason)) {
            state = new State(phase, reason, now.paused());
            signal.changed();
        }
    }

    /** It is to pause, or to go on. */
    void pause(boolean paused) {
        State now = state;
        if (now.paused() != paused) {
            progress.awake();
            state = new State(now.phase(), now.reason(), paused);
            signal.changed();
        }
    }

    boolean paused() {
        return state.paused();
    }

    Progress progress() {
        return progress;
    }

    /**
     * @throws ProjectionFailedException it catches up, and has come no further for too long
     */
    void requireProgress() {
        if (is(Phase.CATCHING_UP) && progress.stuckFor(patience)) {
            throw new ProjectionFailedException(noProgress(), "projection " + name, null);
        }
    }

    /** Something went wrong; what becomes of it is told apart. */
    void trouble(@Nullable String error) {
        lastError = error;
    }

    /** It goes on when a person says so. */
    void fail(String reason, Throwable trouble) {
        lastError = reason;
        unwritten = trouble instanceof WriteCycle.WriteException ? trouble : null;
    }

    /** What could not be written before is. */
    void written() {
        unwritten = null;
    }

    /**
     * @param active whether the worker holds the projection's seat
     */
    Readiness readiness(boolean active) {
        State now = state;
        return switch (now.phase()) {
            case READY -> new Readiness.Ready();
            case WAITING -> new Readiness.Waiting(now.reason());
            case FAILED -> new Readiness.Failed(now.reason());
            case STANDBY, CATCHING_UP ->
                !now.paused() && progress.stuckFor(patience) && active
                        ? new Readiness.Failed(noProgress())
                        : progress.rebuilding();
        };
    }

    private String noProgress() {
        return "no progress for " + patience.toMillis() + " ms";
    }

    /** Why what was done is not written, or null. */
    @Nullable
    Throwable unwritten() {
        return unwritten;
    }

    @Nullable
    String lastError() {
        return lastError;
    }
}
