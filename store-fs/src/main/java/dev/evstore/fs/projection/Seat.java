package dev.evstore.fs.projection;

import dev.evstore.fs.disk.StoreLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a projection's version: who has it works, others read (rule R10). Taken, used and freed by one thread; any may
 * ask whether it is taken.
 */
final class Seat {

    private final String name;
    private final String version;
    private final StateFiles files;
    private final Control control;
    private volatile @Nullable StoreLock lock;
    private boolean leading;

    Seat(String name, String version, StateFiles files, Control control) {
        this.name = name;
        this.version = version;
        this.files = files;
        this.control = control;
    }

    /** Whether this one has it. */
    boolean isTaken() {
        return lock != null;
    }

    /**
     * Takes it. What hosts that are gone have said of the projection is then said no more.
     *
     * @return false if somebody else has it
     * @throws IOException it can't be taken: then it is free, as after any other exception
     */
    boolean take() throws IOException {
        StoreLock wanted = StoreLock.open(files.lock(version));
        if (!tryAcquire(wanted)) {
            return false;
        }
        lock = wanted;
        leading = false;
        try {
            unsay();
        } catch (IOException | RuntimeException e) {
            free();
            throw e;
        }
        return true;
    }

    private static boolean tryAcquire(StoreLock wanted) throws IOException {
        boolean taken = false;
        try {
            taken = wanted.tryAcquire();
            return taken;
        } finally {
            if (!taken) {
                wanted.close();
            }
        }
    }

    private void unsay() throws IOException {
        for (String said : control.versionsSaid(name)) {
            if (said.equals(version) || !files.isWorkedOn(said)) {
                control.unsay(name, said);
            }
        }
    }

    /** Its version's state is complete: of those kept it is the last at work. */
    void lead() throws IOException {
        if (!leading) {
            files.lead(version);
            leading = true;
        }
    }

    /** Lets others take over; nothing if it is not taken. */
    void free() {
        StoreLock left = lock;
        lock = null;
        if (left != null) {
            try (left) {
                left.release();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
