package dev.evstore.cli;

import dev.evstore.core.AppendResult;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.RestoreReport;
import dev.evstore.fs.StoreOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A world for commands: a store of Anna's in memory, one of Bert's to merge with, and streams to look into. */
public final class World implements Stores {

    public static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T06:00:00.123Z"), ZoneOffset.UTC);

    public final Path directory;
    public final InMemoryEventStore anna = new InMemoryEventStore(CLOCK, new Random(1));
    public final InMemoryEventStore bert = new InMemoryEventStore(CLOCK, new Random(2));
    public final Map<String, String> variables = new HashMap<>(Map.of("PATH", System.getenv("PATH")));
    public Environment.Pause pause = () -> {
        throw new InterruptedException("the user has had enough");
    };
    public boolean terminal;
    public Stores stores = this;

    public World(Path directory) {
        this.directory = directory;
    }

    /** What a command left behind. */
    public record Ran(int exit, String out, String err) {}

    public Ran run(String input, String... arguments) {
        return run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), arguments);
    }

    public Ran run(InputStream in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(environment(in, out, err), arguments);
        return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    public Environment environment(InputStream in, OutputStream out, OutputStream err) {
        return new Environment(in, out, err, terminal, terminal, variables, stores, () -> pause.pause());
    }

    public AppendResult append(EventStore store, String stream, String type, String data) {
        return store.append(StreamId.of(stream), ExpectedVersion.current(), NewEvent.of(type, data));
    }

    /** Both hold what either held, as after a merge in both directions. */
    public void sync() {
        anna.ingest(bert.transactions());
        bert.ingest(anna.transactions());
    }

    /** An account that both know, and that both then withdraw from without knowing of each other. */
    public void fork() {
        append(anna, "account-1", "AccountOpened", "{\"owner\":\"both\"}");
        sync();
        append(anna, "account-1", "MoneyWithdrawn", "{\"amount\":80}");
        append(bert, "account-1", "MoneyWithdrawn", "{\"amount\":70.0}");
        sync();
    }

    @Override
    public EventStore create(Path place) {
        return open(place);
    }

    @Override
    public EventStore open(Path place) {
        if (place.endsWith("nowhere")) {
            throw new StoreUnusableException("There is no store.", place.toString(), "evstore init", null);
        }
        return keptOpen(anna);
    }

    @Override
    public RestoreReport restore(Path place) {
        open(place);
        return new RestoreReport(List.of(), 0); // a store in memory loses nothing
    }

    /** Commands close their store; this one stays for the next. */
    private static EventStore keptOpen(EventStore store) {
        return (EventStore) Proxy.newProxyInstance(
                EventStore.class.getClassLoader(), new Class<?>[] {EventStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Stores on files, with the clock of these tests. */
    public static final class OnFiles implements Stores {

        private static final StoreOptions OPTIONS = StoreOptions.defaults().clock(CLOCK);

        @Override
        public EventStore create(Path place) {
            return FileEventStore.create(place, OPTIONS);
        }

        @Override
        public EventStore open(Path place) {
            return openFiles(place);
        }

        @Override
        public FileEventStore openFiles(Path place) {
            return FileEventStore.open(place, OPTIONS);
        }

        @Override
        public RestoreReport restore(Path place) {
            try (FileEventStore store = openFiles(place)) {
                return store.restore();
            }
        }
    }
}
