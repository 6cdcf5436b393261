package dev.evstore.fs.projection;

import dev.evstore.core.StaleCursorException;
import dev.evstore.core.StoreException;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.core.projection.engine.ProjectionFailedException;
import dev.evstore.core.projection.engine.RebuildNeededException;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.projection.Standing.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Works on one projection, a slice at a time, as long as it holds the projection's lock. Whatever goes wrong, what is
 * committed stays, and the next slice goes on from there or waits for a person. Used by one thread, but for what it tells.
 */
final class Worker<S> {

    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    private final Workshop shop;
    private final Projection<S> projection;
    private final String name;
    private final Builds builds;
    private final Seat seat;
    private final Workbench<S> bench;
    private final Standing standing;
    private final Tally tally = new Tally();
    private final Patience patience = new Patience();
    private boolean checked;

    Worker(Job<S> job) {
        this.shop = job.shop();
        this.projection = job.projection();
        this.name = job.name();
        this.builds = new Builds(shop, projection);
        this.seat = new Seat(name, builds.version(), builds.files(), shop.control());
        this.standing = new Standing(name, shop);
        this.bench = new Workbench<>(job, builds, standing, tally, this::forgetTrouble);
    }

    String version() {
        return builds.version();
    }

    /** Makes what has to be there before anything is asked of the projection. */
    void prepare() {
        try {
            builds.files().make(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Does some work.
     *
     * @return how long there is nothing more to do, unless something changes
     */
    Duration slice() {
        try {
            if (!sit()) {
                standing.become(Phase.STANDBY);
                return shop.poll();
            }
            requests();
            boolean paused = shop.control().paused(name);
            if (paused) {
                bench.flush();
            }
            standing.pause(paused);
            if (paused || standing.is(Phase.FAILED)) {
                return shop.poll();
            }
            return work();
        } catch (StaleCursorException e) {
            return recover(bench::carryOver);
        } catch (RebuildNeededException e) {
            return recover(() -> bench.rebuild(String.valueOf(e.getMessage())));
        } catch (DamagedStateException e) {
            return recover(() -> bench.replaceDamaged(e));
        } catch (ProjectionFailedException e) {
            return fail(e.getMessage() + ": " + e.where(), e);
        } catch (WriteCycle.WriteException e) {
            return unwritten(e);
        } catch (IndexException e) {
            return e.isCorrupt() ? recover(() -> bench.replaceDamaged(damaged(e))) : bear(e);
        } catch (StoreException | IOException | UncheckedIOException e) {
            return bear(e);
        } catch (RuntimeException | Error e) {
            return fail("it threw " + e.getClass().getName(), e);
        }
    }

    private boolean sit() throws IOException {
        if (seat.isTaken()) {
            return true;
        }
        boolean taken = seat.take();
        if (taken) {
            standing.progress().awake();
            bench.forgetRequests();
        }
        return taken;
    }

    /** What people ask for. */
    private void requests() throws IOException {
        for (Control.Request request : shop.control().requests(name)) {
            if (bench.isUnderWay(request)) {
                continue;
            }
            switch (request.action()) {
                case REBUILD -> bench.rebuild("somebody asked for it");
                case RETRY -> bench.retry();
                case SKIP -> bench.skip(request);
                case SET_ASIDE -> bench.setAside(request.argument());
            }
            if (!bench.isUnderWay(request)) {
                shop.control().done(request);
            }
            patience.restore();
        }
    }

    private Duration work() throws IOException {
        long start = System.nanoTime();
        try {
            return step();
        } finally {
            tally.worked(System.nanoTime() - start);
        }
    }

    private Duration step() throws IOException {
        Run<S> run = bench.run();
        if (standing.is(Phase.STANDBY)) {
            standing.become(Phase.CATCHING_UP);
        }
        boolean more = run.fold();
        standing.requireProgress();
        Checkpoint now = run.checkpoint();
        standing.progress().moved(now.passed(), now.total());
        run.keepUp();
        if (more) {
            if (standing.is(Phase.WAITING)) {
                standing.become(Phase.CATCHING_UP);
            }
            return Duration.ZERO;
        }
        run.flush();
        ready(run);
        return shop.poll();
    }

    private void ready(Run<S> run) throws IOException {
        bench.settled();
        run.serve();
        seat.lead();
        if (!checked && projection.order() == Order.CANONICAL) {
            run.checkRows();
            checked = true;
        }
        forgetTrouble();
        standing.become(Phase.READY);
    }

    /** There was progress. */
    private void forgetTrouble() {
        patience.restore();
        standing.written();
    }

    /** Writes what is done, and lets others take over. Nothing is done after it but by another {@link #slice}. */
    void leave() {
        try {
            bench.flush();
        } catch (WriteCycle.WriteException e) {
            if (!(e.getCause() instanceof StateLostException)) {
                fail(String.valueOf(e.getMessage()), e);
            }
        } catch (RuntimeException | Error e) {
            try {
                giveUp();
            } catch (RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
        giveUp();
    }

    private void giveUp() {
        bench.close();
        seat.free();
        if (standing.is(Phase.READY) || standing.is(Phase.CATCHING_UP)) {
            standing.become(Phase.STANDBY);
        }
    }

    // --- trouble

    private interface Remedy {
        void apply() throws IOException;
    }

    private Duration recover(Remedy remedy) {
        try {
            remedy.apply();
            return Duration.ZERO;
        } catch (IOException | RuntimeException e) {
            return bear(e);
        }
    }

    private static DamagedStateException damaged(IndexException e) {
        return new DamagedStateException(String.valueOf(e.getMessage()), e);
    }

    private Duration unwritten(WriteCycle.WriteException e) {
        Throwable cause = e.getCause();
        if (cause instanceof StateLostException) {
            LOG.log(System.Logger.Level.WARNING, "projection " + name + " is worked on elsewhere", cause);
            bench.clear();
            seat.free();
            standing.become(Phase.STANDBY);
            return shop.poll();
        }
        if (cause instanceof IndexException refused && refused.isCorrupt()) {
            return recover(() -> bench.replaceDamaged(damaged(refused)));
        }
        // While it is built, nothing is lost that can't be had again: that is no reason to end (rule R5).
        return bench.isServed() ? fail(String.valueOf(e.getMessage()), e) : bear(e);
    }

    /** What may pass is tried again, for a while; while git is busy, for as long as that lasts (rules R3, O7). */
    private Duration bear(Exception trouble) {
        bench.clear();
        standing.trouble(Trouble.said(trouble));
        if (shop.gitUnderWay().getAsBoolean()) {
            standing.become(Phase.WAITING, "git is in the middle of a merge, rebase or the like");
            return shop.poll();
        }
        Duration wait = patience.next();
        if (wait == null) {
            return fail(Trouble.said(trouble), trouble);
        }
        LOG.log(System.Logger.Level.DEBUG, "projection " + name + " tries again", trouble);
        return wait;
    }

    private Duration fail(String reason, Throwable trouble) {
        LOG.log(System.Logger.Level.WARNING, "projection {0} failed at {1}: {2}", name, bench.position(), reason);
        LOG.log(System.Logger.Level.DEBUG, "projection " + name + " failed", trouble);
        standing.fail(reason, trouble);
        try {
            bench.clear();
        } catch (RuntimeException e) {
            trouble.addSuppressed(e);
        }
        standing.become(Phase.FAILED, reason);
        return shop.poll();
    }

    // --- what it tells

    /** Whether it holds the projection's lock, so that what it says is how things stand. */
    boolean active() {
        return seat.isTaken();
    }

    /** Whether it found that it is to pause. */
    boolean paused() {
        return standing.paused();
    }

    Readiness readiness() {
        return standing.readiness(active());
    }

    /** Why what was done is not written, or null. */
    @Nullable
    Throwable unwritten() {
        return standing.unwritten();
    }

    @Nullable
    String lastError() {
        return standing.lastError();
    }

    /** What it has done, with what only the state knows. */
    ProjectionStatus.Counts counts(ProjectionStatus.Counts ofState) {
        return tally.counts(ofState, standing.progress().perSecond());
    }
}
