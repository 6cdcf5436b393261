package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Branches change under uncommitted events and under an open store. With the git program. */
final class BranchTraps {

    @TempDir
    private Path directory;

    private Committing here;

    @BeforeEach
    void aStoreInARepository() {
        here = Committing.in(directory.resolve("repository"), "");
    }

    @Test
    void T73_uncommittedEventsGoAlongToAnotherBranchAndAreCommittedThere() { // T73, G7
        List<TransactionId> all = new ArrayList<>(here.append("a", 1));
        here.commit();
        here.git().git("branch", "other");
        all.addAll(here.append("a", 2));
        here.git().git("checkout", "-q", "other");
        assertEquals(all, here.visible());
        assertEquals(2, here.commit().transactions());
        here.git().git("checkout", "-q", "main");
        assertEquals(all.subList(0, 1), here.visible());
        here.git().git("merge", "-q", "other");
        assertEquals(all, here.visible());
        here.nothingWasTakenAway();
    }

    @Test
    void T73_aStashTakesUncommittedEventsAlongAndBringsThemBack() { // T73, L2
        List<TransactionId> all = new ArrayList<>(here.append("a", 1));
        here.commit();
        all.addAll(here.append("a", 2));
        here.git().git("stash", "-q", "-u");
        assertEquals(1, here.countVisible());
        here.git().git("stash", "pop", "-q");
        assertEquals(all, here.visible());
        assertEquals(2, here.commit().transactions());
        here.nothingWasTakenAway();
    }

    @Test
    void T73_whereACommitWithoutTheStoreIsCheckedOutNothingIsAppended() { // T73, T28
        List<TransactionId> before = here.append("a", 1);
        here.commit();
        Path events = here.root().resolve("events");
        try (FileEventStore store = FileEventStore.open(here.root())) {
            here.git().git("checkout", "-q", "--orphan", "bare");
            here.git().git("rm", "-q", "-r", "-f", ".");
            here.write("readme", "no store here");
            here.git().commit("without the store");
            assertFalse(Files.exists(events));
            StoreUnusableException refused = assertThrows(
                    StoreUnusableException.class,
                    () -> store.append(StreamId.of("a"), ExpectedVersion.exactly(1), NewEvent.of("T", "{}")));
            assertEquals("The store's directory events is gone; nothing is written until it is back.", refused.what());
            assertEquals(events.toString(), refused.where());
            assertTrue(refused.remedy().contains("git checkout"), refused.remedy());
            assertFalse(Files.exists(events), "nothing was written");
            here.git().git("checkout", "-q", "main");
            store.append(StreamId.of("a"), ExpectedVersion.exactly(1), NewEvent.of("T", "{}"));
        }
        assertEquals(before, here.visible().subList(0, 1));
        assertEquals(2, here.countVisible());
    }
}
