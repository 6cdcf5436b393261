package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static dev.evstore.fs.Counting.add;
import static dev.evstore.fs.Counting.addMany;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.AppendResult;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.SqlProjection;
import dev.evstore.fs.Counting.Total;
import dev.evstore.fs.Counting.Trail;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of the blueprint "projections". */
class ProjectionScenarios {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    /** A host that moves only when it is told to. */
    private static ProjectionHost open(FileEventStore store, Projection<?>... projections) {
        return ProjectionHost.open(store, CODEC, ProjectionOptions.defaults().withoutThreads(), List.of(projections));
    }

    private static String trail(ProjectionHost host, Projection<Trail> trails, String key) {
        return host.view(trails, key).orElseThrow().state().amounts();
    }

    private GitClone clone(String name) {
        return new GitClone(directory.resolve(name));
    }

    @Test
    void aLateEventFoldsItsRowAgain() {
        GitClone anna = GitClone.withStore(directory.resolve("anna"), ".");
        anna.git("clone", "-q", ".", "../bert");
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore first = FileEventStore.open(anna.root());
                FileEventStore second = FileEventStore.open(clone("bert").root());
                ProjectionHost host = open(second, trails);
                ProjectionHost other = open(first, trails)) {
            add(first, "a", 1);
            add(second, "a", 2);
            host.catchUp();
            assertEquals(",2", trail(host, trails, "a"));
            anna.commit("one");
            clone("bert").commit("two");
            clone("bert").git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
            anna.git("pull", "-q", "--no-rebase", "--no-edit", "../bert", "main");
            host.catchUp();
            other.catchUp();
            assertEquals(",1,2", trail(host, trails, "a"));
            assertEquals(
                    host.stored("trails", "a").orElseThrow().json(),
                    other.stored("trails", "a").orElseThrow().json());
            assertEquals(first.digest(), host.view(trails, "a").orElseThrow().digest());
        }
    }

    @Test
    void aCheckoutTakesEventsAwayAndBringsThemBack() {
        GitClone anna = GitClone.withStore(directory.resolve("anna"), ".");
        Projection<Trail> trails = Counting.trails();
        Projection<Trail> byAmount = Counting.byAmount();
        try (FileEventStore store = FileEventStore.open(anna.root());
                ProjectionHost host = open(store, trails, byAmount)) {
            addMany(store, 1200, 3);
            anna.commit("many");
            host.catchUp();
            String before = trail(host, trails, "s1");
            anna.git("checkout", "-q", "-b", "more");
            addMany(store, 100, 3);
            add(store, "new", 7);
            anna.commit("more");
            host.catchUp();
            String with = trail(host, trails, "s1");
            String amountWith = trail(host, byAmount, "c7");
            assertFalse(with.equals(before));
            anna.git("checkout", "-q", "main");
            host.catchUp();
            assertEquals(before, trail(host, trails, "s1"));
            assertTrue(host.view(trails, "new").isEmpty(), "no event of it is left");
            assertEquals(",s1", trail(host, byAmount, "c7"));
            anna.git("checkout", "-q", "more");
            host.catchUp();
            assertEquals(with, trail(host, trails, "s1"));
            assertEquals(amountWith, trail(host, byAmount, "c7"));
        }
    }

    @Test
    void openingServesWhatIsStored() throws IOException {
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = FileEventStore.create(directory);
                ProjectionHost host = open(store, totals)) {
            addMany(store, 300, 2);
            host.catchUp();
        }
        try (FileEventStore store = FileEventStore.open(directory)) {
            try (Stream<Path> files = Files.walk(directory.resolve("events"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
                    Files.write(file, new byte[(int) Files.size(file)]);
                }
            }
            try (ProjectionHost host = open(store, totals)) {
                assertEquals(150, host.view(totals, "s0").orElseThrow().state().count());
            }
        }
    }

    @Test
    void aChangedVersionIsBuiltBesideTheOldOne() throws Exception {
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = FileEventStore.create(directory)) {
            addMany(store, 10, 2);
            try (ProjectionHost host = open(store, Counting.totals(1), trails)) {
                host.catchUp();
            }
            byte[] untouched = Files.readAllBytes(database("trails"));
            Projection<Total> second = Counting.totals(2);
            try (ProjectionHost host = open(store, second, trails)) {
                assertTrue(host.view(second, "s0").orElseThrow().stale());
                assertEquals(5, host.view(second, "s0").orElseThrow().state().count());
                assertArrayEquals(untouched, Files.readAllBytes(database("trails")));
                host.catchUp();
                assertFalse(host.view(second, "s0").orElseThrow().stale());
            }
            try (ProjectionHost host = open(store, Counting.totals(1))) {
                assertFalse(
                        host.stored("totals", "s0").orElseThrow().stale(), "the first version's state is still there");
            }
        }
    }

    private Path database(String projection) throws IOException {
        try (Stream<Path> files = Files.walk(Local.of(directory).resolve("projections"))) {
            return files.filter(file -> file.toString().contains("projections" + File.separator + projection))
                    .filter(file -> file.toString().endsWith(".db"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aNewIndexKeepsTheRowsItCan() {
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = FileEventStore.create(directory);
                ProjectionHost host = open(store, totals)) {
            addMany(store, 100, 2);
            host.catchUp();
            long given = host.status("totals").counts().events();
            store.reindexFromScratch((done, total) -> {});
            host.catchUp();
            assertEquals(50, host.view(totals, "s0").orElseThrow().state().count());
            assertEquals(store.feedEnd(), host.view(totals, "s0").orElseThrow().position());
            assertTrue(host.status("totals").counts().events() <= given, "nothing was given again");
            store.reindexFromScratch((done, total) -> {});
            add(store, "s0", 1);
            host.catchUp();
            assertEquals(51, host.view(totals, "s0").orElseThrow().state().count());
        }
    }

    @Test
    void aHandlerThatThrowsFailsBeforeAnythingIsWritten() {
        Projection<Trail> trails = Projection.named("trails")
                .version(1)
                .perStream()
                .initially(() -> new Trail(""))
                .on(Counting.Added.class, (trail, added) -> {
                    if (added.cents() == 13) {
                        throw new IllegalStateException("secret 13");
                    }
                    return trail.plus(added);
                })
                .build();
        try (FileEventStore store = FileEventStore.create(directory);
                ProjectionHost host = open(store, trails)) {
            add(store, "a", 1);
            host.catchUp();
            AppendResult bad = add(store, "a", 13);
            add(store, "a", 2);
            StoreUnusableException failed = assertThrows(StoreUnusableException.class, host::catchUp);
            EventId event = new EventId(bad.transaction(), 0);
            assertTrue(String.valueOf(failed.getMessage()).contains(event.toString()), failed.getMessage());
            assertFalse(String.valueOf(failed.getMessage()).contains("secret"), failed.getMessage());
            assertInstanceOf(Readiness.Failed.class, host.status("trails").readiness());
            assertEquals(",1", trail(host, trails, "a"));
            host.skip("trails", event);
            host.catchUp();
            assertEquals(",1,2", trail(host, trails, "a"));
            assertTrue(host.view(trails, "a").orElseThrow().differs());
        }
    }

    @Test
    void aParkedEventIsTriedAgainWhenItsRowChanges() {
        GitClone anna = GitClone.withStore(directory.resolve("anna"), ".");
        anna.git("clone", "-q", ".", "../bert");
        Projection<Trail> trails = Projection.named("trails")
                .version(1)
                .perStream()
                .initially(() -> new Trail(""))
                .on(Counting.Added.class, (trail, added) -> {
                    if (added.cents() == 2 && !trail.amounts().contains("1")) {
                        throw new IllegalStateException("one first");
                    }
                    return trail.plus(added);
                })
                .onError(ErrorPolicy.PARK)
                .build();
        try (FileEventStore first = FileEventStore.open(anna.root());
                FileEventStore second = FileEventStore.open(clone("bert").root());
                ProjectionHost host = open(second, trails)) {
            add(first, "a", 1);
            add(second, "a", 2);
            host.catchUp();
            assertEquals(1, host.status("trails").counts().parked());
            assertTrue(host.view(trails, "a").isEmpty());
            anna.commit("one");
            clone("bert").commit("two");
            clone("bert").git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
            host.catchUp();
            assertEquals(",1,2", trail(host, trails, "a"));
            assertEquals(0, host.status("trails").counts().parked());
        }
    }

    @Test
    void theSecondHostStandsByAndTakesOver() throws Exception {
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = FileEventStore.create(directory)) {
            addMany(store, 50, 2);
            ProjectionHost first = ProjectionHost.open(store, CODEC, totals);
            assertTrue(first.awaitReady(LONG));
            Projection<Total> same = Counting.totals(1);
            try (ProjectionHost second = ProjectionHost.open(store, CODEC, same)) {
                assertTrue(second.awaitReady(LONG));
                assertEquals(Applied.APPLIED, second.awaitApplied(add(store, "s0", 1), LONG));
                assertEquals(26, second.view(same, "s0").orElseThrow().state().count());
                first.close();
                assertEquals(Applied.APPLIED, second.awaitApplied(add(store, "s0", 1), LONG));
                assertEquals(27, second.view(same, "s0").orElseThrow().state().count());
            }
        }
    }

    @Test
    void readingYourOwnWrite() throws Exception {
        GitClone anna = GitClone.withStore(directory.resolve("anna"), ".");
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = FileEventStore.open(anna.root());
                ProjectionHost host = ProjectionHost.open(store, CODEC, totals)) {
            assertTrue(host.awaitReady(LONG));
            AppendResult kept = add(store, "a", 1);
            assertEquals(Applied.APPLIED, host.awaitApplied(kept, LONG));
            assertEquals(1, host.view(totals, "a").orElseThrow().state().count());
            AppendResult lost = add(store, "a", 1);
            Files.delete(KeptState.loose(anna.root(), lost));
            store.refresh(); // the view may have it already, and until a look it is as if it were there
            assertEquals(Applied.RETRACTED, host.awaitApplied(lost, LONG));
            host.pause("totals");
            assertEquals(Applied.PAUSED, host.awaitApplied(add(store, "a", 2), LONG));
            host.resume("totals");
            assertEquals(Applied.APPLIED, host.awaitApplied(add(store, "a", 3), LONG));
        }
    }

    @Test
    void tablesAreChangedWithThePlaceInTheFeed() throws IOException {
        SqlProjection ledger = Ledgers.resetting();
        Path aside = directory.resolve("aside");
        try (FileEventStore store = FileEventStore.create(directory.resolve("store"));
                ProjectionHost host = open(store, ledger)) {
            Path late = KeptState.loose(directory.resolve("store"), add(store, "a", 1));
            Files.move(late, aside);
            add(store, "b", 5);
            AppendResult last = add(store, "a", 2);
            host.catchUp();
            assertEquals(List.of("a 1: 2 of 2", "b 1: 5 of 5"), Ledgers.lines(host, ledger));
            Files.move(aside, late);
            host.catchUp();
            assertEquals(List.of("a 1: 1 of 3", "a 2: 2 of 3", "b 1: 5 of 5"), Ledgers.lines(host, ledger));
            Files.delete(KeptState.loose(directory.resolve("store"), last));
            host.catchUp();
            assertEquals(List.of("a 1: 1 of 1", "b 1: 5 of 5"), Ledgers.lines(host, ledger));
        }
    }

    @Test
    void aDamagedFileIsNeverServed() throws Exception {
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = FileEventStore.create(directory)) {
            addMany(store, 400, 2);
            try (ProjectionHost host = open(store, totals)) {
                host.catchUp();
            }
            Path file = database("totals");
            byte[] bytes = Files.readAllBytes(file);
            byte[] state = "\"count\":200".getBytes(StandardCharsets.UTF_8);
            int at = new String(bytes, StandardCharsets.ISO_8859_1)
                    .indexOf(new String(state, StandardCharsets.ISO_8859_1));
            assertTrue(at > 0);
            bytes[at + state.length - 1] = '1';
            Files.write(file, bytes);
            try (ProjectionHost host = open(store, totals)) {
                assertTrue(host.view(totals, "s0").isEmpty()
                        || host.view(totals, "s1").isEmpty());
                host.catchUp();
                assertEquals(200, host.view(totals, "s0").orElseThrow().state().count());
                assertEquals(200, host.view(totals, "s1").orElseThrow().state().count());
            }
        }
    }
}
