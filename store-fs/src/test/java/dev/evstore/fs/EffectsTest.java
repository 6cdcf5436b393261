package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static dev.evstore.fs.Counting.add;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.projection.Projection;
import dev.evstore.fs.Counting.Added;
import dev.evstore.fs.Counting.Trail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule E1: a call outside is made once, and its result kept. */
class EffectsTest {

    @TempDir
    Path directory;

    private final List<String> calls = new ArrayList<>();

    /** Names amounts by asking somebody; nobody has a name for 13. */
    private Projection<Trail> named(int version, int effect) {
        return Projection.named("named")
                .version(version)
                .perStream()
                .initially(() -> new Trail(""))
                .on(Added.class, (trail, added, event) -> {
                    String cents = Long.toString(added.cents());
                    String name = event.effects().memo("names", cents, String.class, () -> {
                        calls.add(cents);
                        return added.cents() == 13 ? null : "n" + cents;
                    });
                    return new Trail(trail.amounts() + "," + name);
                })
                .effect("names", effect)
                .build();
    }

    private ProjectionHost open(FileEventStore store, Projection<?> projection) {
        return ProjectionHost.open(store, CODEC, ProjectionOptions.defaults().withoutThreads(), List.of(projection));
    }

    private String row(FileEventStore store, Projection<Trail> projection) {
        try (ProjectionHost host = open(store, projection)) {
            host.catchUp();
            return host.view(projection, "a").orElseThrow().state().amounts();
        }
    }

    @AfterEach
    void nothingElseIsWrong() {
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(List.of(), store.verify((done, total) -> {}));
        }
    }

    @Test
    void e1_aResultOutlivesRebuildsAndVersionsAndIsAskedForOnce() { // E1
        try (FileEventStore store = FileEventStore.create(directory)) {
            add(store, "a", 1);
            add(store, "a", 13);
            add(store, "a", 1);
            assertEquals(",n1,null,n1", row(store, named(1, 1)));
            assertEquals(List.of("1", "13"), calls);
            assertEquals(",n1,null,n1", row(store, named(2, 1)));
            try (ProjectionHost host = open(store, named(2, 1))) {
                host.rebuild("named");
                host.catchUp();
            }
            assertEquals(List.of("1", "13"), calls, "that nothing came of it is kept, too");
        }
    }

    @Test
    void e1_anotherVersionOfTheEffectAsksAgain() { // E1
        try (FileEventStore store = FileEventStore.create(directory)) {
            add(store, "a", 1);
            assertEquals(",n1", row(store, named(1, 1)));
            assertEquals(",n1", row(store, named(1, 2)));
            assertEquals(List.of("1", "1"), calls);
        }
    }

    @Test
    void e1_anEffectThatIsNotDeclaredFailsTheProjection() { // E1
        Projection<Trail> undeclared = Projection.named("named")
                .version(1)
                .perStream()
                .initially(() -> new Trail(""))
                .on(
                        Added.class,
                        (trail, added, event) ->
                                new Trail(String.valueOf(event.effects().memo("names", "1", String.class, () -> "x"))))
                .build();
        try (FileEventStore store = FileEventStore.create(directory);
                ProjectionHost host = open(store, undeclared)) {
            add(store, "a", 1);
            assertThrows(StoreUnusableException.class, host::catchUp);
        }
    }
}
