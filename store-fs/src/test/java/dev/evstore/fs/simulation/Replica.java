package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.fail;

import dev.evstore.core.Durability;
import dev.evstore.core.StoreException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.OnDisk;
import dev.evstore.fs.StoreOptions;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.layout.UserDirectories;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One working copy on a machine of its own: a store, a clone, a disk, a clock, and consumers of the feed. */
final class Replica {

    private final World world;
    private final String name;
    private final Path root;
    private final Clone clone;
    private final boolean inGit;
    private final SimulatedDisk disk;
    private final ManualClock clock = new ManualClock();
    private final List<Consumer> consumers = new ArrayList<>();
    private final Set<TransactionId> acknowledged = new HashSet<>();
    private final Set<TransactionId> relaxed = new HashSet<>();
    private final Set<TransactionId> withoutCopy = new HashSet<>();
    private final List<IndexRemains> remains = new ArrayList<>();
    private @Nullable FileEventStore store;
    private boolean full;

    Replica(World world, String name, Clone clone, boolean inGit) {
        this.world = world;
        this.name = name;
        this.root = world.directory().resolve(name);
        this.clone = clone;
        this.inGit = inGit;
        this.disk = new SimulatedDisk(inGit);
        disk.atTheStop(this::keepIndex);
    }

    /** Gives it the usual consumers: all; a few streams, one by one; a type, rarely saved; a tag. */
    void withConsumers() {
        consumers.add(new Consumer(EventFilter.all(), 3, 1, world.positions()));
        consumers.add(new Consumer(EventFilter.prefix("a/"), 1, 2, world.positions()));
        consumers.add(new Consumer(EventFilter.all().withTypes(EventType.of("T1")), 1000, 5, world.positions()));
        consumers.add(new Consumer(EventFilter.all().withTags("x"), 2, 3, world.positions()));
    }

    String name() {
        return name;
    }

    Path root() {
        return root;
    }

    Clone git() {
        return clone;
    }

    boolean isInGit() {
        return inGit;
    }

    SimulatedDisk disk() {
        return disk;
    }

    ManualClock clock() {
        return clock;
    }

    List<Consumer> consumers() {
        return consumers;
    }

    FileEventStore store() {
        FileEventStore open = store;
        if (open == null) {
            throw new IllegalStateException(name + " is closed");
        }
        return open;
    }

    StoreLayout layout() {
        return OnDisk.layout(store());
    }

    /** Opens the store, again and again until the machine stays on and the disk does what it is told. */
    void open(Random random) throws IOException {
        full = random.nextInt(3) > 0;
        while (store == null) {
            StoreOptions options = StoreOptions.defaults()
                    .clock(clock)
                    .random(new Random(random.nextLong()))
                    .durability(full ? Durability.FULL : Durability.RELAXED);
            int fired = disk.fired();
            try {
                store = OnDisk.create(
                        root, options, disk, () -> new ReplicaId(new UUID(random.nextLong(), random.nextLong())));
            } catch (SimulatedDisk.Stopped e) {
                world.say(name + " stopped while it was opened");
                restart(random);
            } catch (StoreException e) {
                if (disk.fired() == fired) {
                    throw e;
                }
                world.say(name + " could not be opened");
            }
        }
    }

    void close() {
        FileEventStore open = store;
        store = null;
        if (open != null) {
            open.close();
        }
    }

    /** After the machine has stopped: what a kill or a power cut leaves, and a new start. */
    void recover(Random random) throws IOException {
        try {
            close();
        } catch (SimulatedDisk.Stopped e) {
            world.say(name + " saves nothing any more"); // what it holds open is closed all the same
        }
        restart(random);
        open(random);
    }

    private void restart(Random random) throws IOException {
        boolean power = random.nextInt(3) > 0;
        boolean indexMayBeLost = false;
        if (power) {
            disk.cutPower(random);
            relaxed.clear();
        }
        for (IndexRemains index : remains) {
            indexMayBeLost |= power && index.cutPower(random, world.directory());
            index.putBack();
        }
        remains.clear();
        disk.start();
        for (Consumer consumer : consumers) {
            if (indexMayBeLost) {
                consumer.doubt(Consumer.Cursor.DOUBTFUL);
            }
            if (random.nextBoolean()) { // else it runs elsewhere
                consumer.fallBack();
            }
        }
        world.say(name + (power ? " lost power" : " was killed") + " and starts again");
    }

    private void keepIndex() {
        try {
            for (Path local : locals()) {
                remains.add(IndexRemains.of(local));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> locals() throws IOException {
        List<Path> locals = new ArrayList<>();
        Path home = root.resolve(".evstore");
        if (Files.isDirectory(home)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(home)) {
                for (Path local : all) {
                    if (Files.exists(local.resolve("owner"))) {
                        locals.add(local);
                    }
                }
            }
        }
        return locals;
    }

    /** The local directory is another one, or its index is. */
    void newIndex(Consumer.Cursor worth) {
        consumers.forEach(consumer -> consumer.doubt(worth));
    }

    /** An append or a resolution returned: it has to stay, and what it names and is here has to stay with it. */
    void acknowledge(TransactionId id) throws IOException {
        if (!full) {
            relaxed.add(id);
            return;
        }
        Map<TransactionId, TransactionHeader> here = new HashMap<>();
        visible().forEach(header -> here.put(header.id(), header));
        Set<TransactionId> waiting = new LinkedHashSet<>(Set.of(id));
        while (!waiting.isEmpty()) {
            TransactionId next = waiting.iterator().next();
            waiting.remove(next);
            TransactionHeader header = here.get(next);
            if (header != null && (next.equals(id) || isOwn(header)) && acknowledged.add(next)) {
                waiting.addAll(header.parents().keySet());
            }
        }
        if (!here.containsKey(id)) {
            fail("A1: " + id + " was acknowledged and is not there");
        }
    }

    private boolean isOwn(TransactionHeader header) {
        return header.origin() != null && header.origin().replica().equals(store().replica());
    }

    /** What was acknowledged and nothing that happened since may have taken away. */
    Set<TransactionId> acknowledged() {
        Set<TransactionId> all = new HashSet<>(acknowledged);
        all.addAll(relaxed);
        return all;
    }

    /** Somebody deleted the second copies: what has no other is lost, and what has will be where that goes. */
    void loseCopies(Collection<TransactionId> elsewhere) {
        acknowledged.retainAll(elsewhere);
        relaxed.retainAll(elsewhere);
        withoutCopy.addAll(acknowledged());
    }

    /** Somebody deleted untracked files: what had no second copy is lost, if it has no other. */
    void loseUntracked(Collection<TransactionId> elsewhere) {
        Set<TransactionId> lost = new HashSet<>(withoutCopy);
        lost.removeAll(elsewhere);
        acknowledged.removeAll(lost);
        relaxed.removeAll(lost);
    }

    /** All valid transactions in the working tree. */
    List<TransactionHeader> visible() throws IOException {
        return world.commits().contents().headers(clone.tree().files().values());
    }

    /** Forgets what the user's state directory holds of this store. */
    void forgetTokens() throws IOException {
        for (Path local : locals()) {
            Files.deleteIfExists(UserDirectories.state(System.getenv()).resolve(local.getFileName()));
        }
    }
}
