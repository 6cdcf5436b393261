package dev.evstore.fs.projection;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.engine.EngineLimits;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The projections of one store: those that work here, and those that are only looked at. Thread-safe. */
public final class Crews implements AutoCloseable {

    private final Workshop shop;
    private final Map<String, Crew<?>> crews = new LinkedHashMap<>();
    private EventStore.@Nullable Watch watch;

    private Crews(Workshop shop) {
        this.shop = shop;
    }

    /**
     * Opens what hosts need.
     *
     * @param ahead the store's canonical reads for one thread, which another reads ahead for
     * @param codec only needed if projections are added
     */
    public static Crews open(
            EventStore store,
            Function<Executor, CanonicalReads> ahead,
            EventCodec<?> codec,
            StoreLayout layout,
            Disk disk,
            EngineLimits limits,
            BooleanSupplier gitUnderWay,
            Duration poll,
            Duration patience) {
        Control control = Control.open(layout, disk);
        return new Crews(new Workshop(
                store, ahead, codec, layout, disk, control, limits, gitUnderWay, poll, patience, new Signal()));
    }

    /** The projections whose state is or was here, whoever made it. */
    public List<String> known() throws IOException {
        return StateFiles.names(shop.layout());
    }

    /** Looks at a projection whose code is not here. */
    public Desk desk(String name) {
        return new Desk(shop, name, null);
    }

    /** Puts projections to work. */
    public void start(List<Projection<?>> projections, boolean threads) {
        for (Projection<?> projection : projections) {
            crews.put(projection.name(), new Crew<>(shop, projection, threads));
        }
        if (threads) {
            watch = shop.store().onChange(this::ring);
        }
        crews.values().forEach(Crew::start);
    }

    public Map<String, Crew<?>> crews() {
        return crews;
    }

    /** There may be something to do. */
    public void ring() {
        crews.values().forEach(Crew::ring);
    }

    /** Waits until something is true; false if the time is up before. */
    public boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        return shop.signal().await(condition, atMost.toNanos(), shop.poll().toNanos());
    }

    /** Ends all; what they could not write is their trouble. */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        crews.values().forEach(Crew::close);
        shop.control().close();
    }
}
