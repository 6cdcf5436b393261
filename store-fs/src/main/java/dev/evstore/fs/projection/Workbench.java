package dev.evstore.fs.projection;

import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.engine.Checkpoint;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the build of a projection is worked on: the run over it, if one goes, and what is done to it between two runs. What
 * is committed outlives every run; {@link #clear} is how the rest is forgotten. Used by one thread, which has the seat.
 */
final class Workbench<S> implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Workbench.class.getName());

    private final Job<S> job;
    private final Builds builds;
    private final Standing standing;
    private final Tally tally;
    private final Runnable progressed;
    private final MemoFile memos;
    private @Nullable Run<S> run;
    /** What is to be left out: each run leaves it out, until that is written. Only then is the request done. */
    private final Map<EventId, Control.Request> leavingOut = new LinkedHashMap<>();
    /** Whether each run gives again what is parked, until that is written. */
    private boolean retrying;

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
        if (going == null) {
            going = open();
            if (!leavingOut.isEmpty()) {
                going.exclude(leavingOut.keySet());
            }
            if (retrying) {
                going.retry();
            }
        }
        return going;
    }

    private Run<S> open() throws IOException {
        Run<S> opened = Run.open(job, builds, memos, tally, progressed);
        run = opened;
        standing.progress().start(opened.checkpoint().passed());
        return opened;
    }

    /** All that was to be done is written. */
    void settled() {
        leavingOut.values().forEach(job.shop().control()::done);
        leavingOut.clear();
        retrying = false;
    }

    /** What is committed, or on its way to be, in words for a log (rule R7). */
    String position() {
        Run<S> going = run;
        if (going == null) {
            return "no position";
        }
        Checkpoint at = going.given();
        return at.digest() == null ? at.cursor().toString() : at.cursor() + " with digest " + at.digest();
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
        builds.beginAnew(leavingOut.keySet());
        settled();
        standing.become(Standing.Phase.CATCHING_UP);
    }

    void replaceDamaged(DamagedStateException damage) throws IOException {
        clear();
        standing.trouble(damage.getMessage());
        LOG.log(
                System.Logger.Level.WARNING,
                "projection " + job.name() + ": its state is damaged and built anew",
                damage);
        builds.replaceDamaged(leavingOut.keySet());
        settled();
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
        afresh();
        boolean any = open().anyParked();
        if (any && job.projection().order() == Order.ARRIVAL) {
            rebuild("what is parked is to be given again");
            return;
        }
        clear();
        retrying = any;
    }

    /** Leaves an event out from now on. The request stays until that is written: whoever comes after a crash goes on with it. */
    void skip(Control.Request request) throws IOException {
        EventId event = EventId.of(request.argument());
        afresh();
        leavingOut.put(event, request);
    }

    /** Whether a request is one to leave something out, and not done yet. */
    boolean isUnderWay(Control.Request request) {
        return leavingOut.containsValue(request);
    }

    /** The seat was another's meanwhile, who may have done what was asked for. */
    void forgetRequests() {
        leavingOut.clear();
    }

    /** All that was done is written; what is done from now on is done by another run. */
    private void afresh() {
        flush();
        clear();
        standing.become(Standing.Phase.CATCHING_UP);
    }

    @Override
    public void close() {
        clear();
        memos.close();
    }
}
