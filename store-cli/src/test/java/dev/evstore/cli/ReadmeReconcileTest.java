package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.reconcile.DivergentTransaction;
import dev.evstore.core.reconcile.ForkedStream;
import dev.evstore.core.reconcile.Resolution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's resolver, run; what stands between the two marks is what stands there. */
final class ReadmeReconcileTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void anAccount() {
        world = new World(directory);
        world.append(world.anna, "account-1", "Deposited", "100");
        world.sync();
    }

    /** What an application has. */
    private static final class Account {
        static long apply(long balance, StoredEvent event) {
            long amount = event instanceof RecordedEvent recorded ? Long.parseLong(recorded.data()) : 0;
            return switch (event.type().value()) {
                case "Deposited" -> balance + amount;
                case "Withdrawn" -> balance - amount;
                default -> balance;
            };
        }
    }

    private void apart(String anna, String bert) {
        world.append(world.anna, "account-1", "Withdrawn", anna);
        world.append(world.bert, "account-1", "Withdrawn", bert);
        world.sync();
    }

    @Test
    void whatTheAccountHasRoomForIsResolved() { // M1
        apart("30", "50");
        assertEquals(List.of(), example(world.anna).unresolved());
        List<StoredEvent> events =
                world.anna.read(world.anna.streams("").get(0).id()).events();
        assertEquals("20", ((RecordedEvent) events.get(events.size() - 1)).data());
    }

    @Test
    void whatItHasNoRoomForIsLeft() { // M3
        apart("80", "70");
        assertEquals(
                "account-1 is overdrawn by 50",
                example(world.anna).unresolved().get(0).reason());
    }

    @Test
    void standsInTheReadmeAsItIsHere() throws IOException {
        String here = Files.readString(Path.of("src/test/java/dev/evstore/cli/ReadmeReconcileTest.java"));
        String example = here.substring(here.indexOf("// begin\n") + 9, here.indexOf("        // end\n"))
                .stripTrailing()
                .stripIndent();
        String readme = Files.readString(Path.of("../README.md"));
        assertTrue(readme.contains("```java\n" + example + "\n```\n"), "README.md should hold:\n" + example);
    }

    private static ReconcileReport example(EventStore store) {
        // begin
        ReconcileReport report = store.reconcile(
                fork -> {
                    Resolution.Resolve resolution = Resolution.canonicalOrder();
                    for (ForkedStream stream : fork.streams()) { // more than one, if a transaction ties them together
                        long after = stream.foldAncestor(0L, Account::apply);
                        for (DivergentTransaction transaction : stream.divergent()) { // each once, whoever reaches it
                            for (StoredEvent event : transaction.events()) {
                                after = Account.apply(after, event);
                            }
                        }
                        if (after < 0) {
                            return Resolution.unresolvable(stream.id() + " is overdrawn by " + -after);
                        }
                        resolution = resolution.and(stream.id(), NewEvent.of("BalanceChecked", String.valueOf(after)));
                    }
                    return resolution;
                },
                ReconcileOptions.all());
        report.unresolved().forEach(left -> System.err.println(left.streams() + ": " + left.reason()));
        // end
        return report;
    }
}
