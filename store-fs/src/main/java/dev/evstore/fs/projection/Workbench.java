package dev.evstore.fs.projection;

import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.Order;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the build of a projection is worked on: the run over it, if one goes, and what is done to it between two runs. What
 * is committed outlives every run; {@link #clear} is how the rest is forgotten. Used by one thread, which has the seat.
 */
final class Workbench<S> implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Workbench.class.getName());

    private static final int MOST_PARKED = 1_000;

    private final Job<S> job;
    private final Builds builds;
    private final Standing standing;
    private final Tally tally;
    private final Runnable progressed;
    private final MemoFile memos;
    private @Nullable Run<S> run;
    /** Events that the next run gives again. */
    private List<EventId> again = List.of();

    /**
     * @param progressed is called when something is committed
     */
    Workbench(Job<S> job, Builds builds, Standing standing, Tally tally, Runnable progressed) {
        this.job = job;
        this.builds = builds;
        this.standing = standing;
        this.tally = tally;
        this.progressed = progressed;
        this.memos = new MemoFile(builds.files().memos());
    }

    /** The run that goes; begun if none does, from what is committed. */
    Run<S> run() throws IOException {
        Run<S> going = run;
        if (going != null) {
            return going;
        }
        going = Run.open(job, builds, memos, tally, progressed);
        run = going;
        standing.progress().start(going.checkpoint().passed());
        List<EventId> events = again;
        again = List.of();
        if (!events.isEmpty()) {
            going.again(events);
        }
        return going;
    }

    /** Whether others see what is written here. */
    boolean isServed() {
        Run<S> going = run;
        return going != null && going.isServed();
    }

    /** Nothing waits, nothing is being written (rule W5). */
    void flush() {
        Run<S> going = run;
        if (going != null) {
            going.flush();
        }
    }

    /** Forgets everything that is not committed. */
    void clear() {
        Run<S> left = run;
        run = null;
        if (left != null) {
            left.close();
        }
    }

    /** The index is another one: the state goes on in that, or is built anew (rule S7). */
    void carryOver() throws IOException {
        clear();
        if (!builds.carryOver()) {
            rebuild("its cursor is stale");
        }
    }

    void rebuild(String because) throws IOException {
        LOG.log(System.Logger.Level.INFO, "projection {0} is built anew: {1}", job.name(), because);
        clear();
        builds.beginAnew();
        standing.become(Standing.Phase.CATCHING_UP);
    }

    void replaceDamaged(DamagedStateException damage) throws IOException {
        clear();
        standing.trouble(damage.getMessage());
        LOG.log(
                System.Logger.Level.WARNING,
                "projection " + job.name() + ": its state is damaged and built anew",
                damage);
        builds.replaceDamaged();
        standing.become(Standing.Phase.CATCHING_UP);
    }

    /** A reader found a database damaged. */
    void setAside(String database) throws IOException {
        if (builds.isServed(database)) {
            replaceDamaged(new DamagedStateException(database + " could not be read", null));
        } else {
            builds.files().setAside(database);
        }
    }

    /** Has what is parked given again. */
    void retry() throws IOException {
        List<EventId> parked = afresh().parked(MOST_PARKED);
        if (!parked.isEmpty() && job.projection().order() == Order.ARRIVAL) {
            rebuild("what is parked is to be given again");
            return;
        }
        clear();
        again = parked;
    }

    /** Leaves an event out from now on. */
    void skip(EventId event) throws IOException {
        Run<S> fresh = afresh();
        fresh.flush(); // what was to be tried again may have begun a transaction, which this is to outlive
        fresh.exclude(event);
        if (job.projection().order() == Order.ARRIVAL) {
            rebuild("an event was left out of it");
            return;
        }
        clear();
        again = List.of(event);
    }

    /** Another run, after all that was done is written. */
    private Run<S> afresh() throws IOException {
        flush();
        clear();
        standing.become(Standing.Phase.CATCHING_UP);
        return run();
    }

    @Override
    public void close() {
        clear();
        memos.close();
    }
}
