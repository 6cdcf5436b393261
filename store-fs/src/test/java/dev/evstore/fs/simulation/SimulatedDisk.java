package dev.evstore.fs.simulation;

import dev.evstore.fs.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The disk of one machine. It does what it is told at once, remembers what was not synced, and can stop at any call:
 * from then on it does nothing, as a machine does that is off. A power cut then takes back what was not synced: names,
 * from the last one on back to some point where the file system keeps their order, else any of them; bytes of a file in
 * any part.
 * Thread-safe.
 */
final class SimulatedDisk extends Disk {

    /** What becomes of the call that was chosen. */
    enum Fault {
        /** The machine stops before it; of a file that it writes there may be a part. */
        STOP_BEFORE,
        /** The machine stops when it is done. */
        STOP_AFTER,
        /** It fails, once; the machine goes on. */
        TROUBLE
    }

    /** The machine is off. No code of the store may catch it and go on. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the machine has stopped", null, false, false);
        }
    }

    private interface Call {
        void run() throws IOException;
    }

    /**
     * A name that came, went or was given to something else, and is not synced.
     *
     * @param directory where
     * @param undo makes it as it was
     */
    private record Change(Path directory, Call undo) {}

    /** Bytes that are not synced, under all the names that they have. */
    private static final class Unsynced {
        private final Set<Path> names = new HashSet<>();
    }

    private final boolean ordered;
    private final List<Change> changes = new ArrayList<>();
    private final Map<Path, Unsynced> unsynced = new HashMap<>();
    private @Nullable Fault fault;
    private int callsLeft;
    private int fired;
    private boolean off;
    private Runnable atTheStop = () -> {};

    /**
     * @param ordered whether the file system keeps the order of names: one that is synced brings all before it along
     */
    SimulatedDisk(boolean ordered) {
        this.ordered = ordered;
    }

    /** The call after {@code calls} others meets the fault. */
    synchronized void arm(int calls, Fault with) {
        fault = with;
        callsLeft = calls;
    }

    synchronized void disarm() {
        fault = null;
    }

    synchronized boolean isOff() {
        return off;
    }

    /** How many faults were met. */
    synchronized int fired() {
        return fired;
    }

    /** Is run at the moment of a stop, on the thread that met it. */
    synchronized void atTheStop(Runnable look) {
        atTheStop = look;
    }

    /** The machine stops between two calls. */
    synchronized void stop() {
        off = true;
        atTheStop.run();
    }

    /** The machine starts again. */
    synchronized void start() {
        off = false;
        fault = null;
    }

    /** All that was done so far is on the disk for good. */
    synchronized void settle() {
        changes.clear();
        unsynced.clear();
    }

    /** Takes back what was not synced, as far as it pleases the disk. The machine has stopped. */
    synchronized void cutPower(Random random) throws IOException {
        int kept = random.nextInt(changes.size() + 1);
        for (int k = changes.size() - 1; k >= 0; k--) {
            if (ordered ? k >= kept : random.nextBoolean()) {
                changes.get(k).undo().run();
            }
        }
        for (Path name : unsynced.keySet().stream().sorted().toList()) {
            Unsynced content = unsynced.get(name);
            if (content != null && Files.isRegularFile(name, LinkOption.NOFOLLOW_LINKS) && random.nextInt(3) > 0) {
                tear(name, random);
                content.names.forEach(unsynced::remove);
            }
        }
        settle();
    }

    /** In place, as the blocks of a file are: all of its names have it. */
    private static void tear(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int from = random.nextInt(bytes.length + 1);
        if (random.nextBoolean()) {
            Arrays.fill(bytes, from, bytes.length, (byte) 0);
        } else {
            bytes = Arrays.copyOf(bytes, from);
        }
        Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    }

    @Override
    protected void write(Path file, byte[] bytes, boolean sync) throws IOException {
        call(() -> super.write(file, Arrays.copyOf(bytes, bytes.length / 2), false), () -> {
            super.write(file, bytes, false);
            changed(file, () -> super.delete(file));
            if (!sync) {
                Unsynced content = new Unsynced();
                content.names.add(file);
                unsynced.put(file, content);
            }
        });
    }

    @Override
    protected void linkOrCopy(Path second, Path file) throws IOException {
        call(() -> {
            super.linkOrCopy(second, file);
            changed(second, () -> super.delete(second));
            Unsynced content = unsynced.get(file);
            if (content != null) {
                content.names.add(second);
                unsynced.put(second, content);
            }
        });
    }

    @Override
    protected void move(Path from, Path to, boolean replacing) throws IOException {
        call(() -> {
            byte[] before = replacing ? bytes(to) : null;
            super.move(from, to, replacing);
            changed(to, () -> {
                super.delete(to);
                if (before != null) {
                    Files.write(to, before);
                }
            });
            Unsynced content = unsynced.remove(from);
            if (content != null) {
                content.names.remove(from);
                content.names.add(to);
                unsynced.put(to, content);
            }
        });
    }

    @Override
    protected void delete(Path path) throws IOException {
        call(() -> {
            byte[] before = bytes(path);
            super.delete(path);
            if (before != null) {
                changed(path, () -> {
                    if (Files.isDirectory(directoryOf(path)) && bytes(path) == null) {
                        Files.write(path, before);
                    }
                });
            }
        });
    }

    @Override
    protected void createDirectory(Path directory) throws IOException {
        call(() -> {
            super.createDirectory(directory);
            changed(directory, () -> removeWhole(directory));
        });
    }

    @Override
    protected void syncFile(Path file) throws IOException {
        call(() -> {
            Unsynced content = unsynced.get(file);
            if (content != null) {
                content.names.forEach(unsynced::remove);
            }
        });
    }

    @Override
    protected void syncDirectory(Path directory) throws IOException {
        call(() -> {
            if (!ordered) {
                changes.removeIf(change -> change.directory().equals(directory));
                return;
            }
            for (int k = changes.size() - 1; k >= 0; k--) {
                if (changes.get(k).directory().equals(directory)) {
                    changes.subList(0, k + 1).clear();
                    return;
                }
            }
        });
    }

    private synchronized void call(Call call) throws IOException {
        call(() -> {}, call);
    }

    private synchronized void call(Call half, Call whole) throws IOException {
        if (off) {
            throw new Stopped();
        }
        Fault met = fault != null && callsLeft-- == 0 ? fault : null;
        if (met == null) {
            whole.run();
            return;
        }
        fault = null;
        fired++;
        if (met == Fault.TROUBLE) {
            throw new IOException("the disk has no room");
        }
        (met == Fault.STOP_BEFORE ? half : whole).run();
        stop();
        throw new Stopped();
    }

    private void changed(Path name, Call undo) {
        changes.add(new Change(directoryOf(name), undo));
    }

    private static Path directoryOf(Path name) {
        Path directory = name.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalArgumentException(name.toString());
        }
        return directory;
    }

    private static byte @Nullable [] bytes(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readAllBytes(file) : null;
    }

    private static void removeWhole(Path directory) throws IOException {
        Trees.remove(directory);
    }
}
