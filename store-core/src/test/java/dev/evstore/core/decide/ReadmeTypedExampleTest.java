package dev.evstore.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.decide.Account.Deposit;
import dev.evstore.core.decide.Account.Deposited;
import dev.evstore.core.decide.Account.DepositedInCents;
import dev.evstore.core.decide.Account.Event;
import dev.evstore.core.decide.Account.Open;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.jackson.JacksonPayloads;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's example of a codec and a decider, run; what stands between the two marks is what stands there. */
final class ReadmeTypedExampleTest {

    @Test
    void doesWhatTheReadmeSays() {
        try (EventStore store = new InMemoryEventStore()) {
            DeciderRunner.of(store, Account.CODEC, new Account()).run(StreamId.of("account-1"), new Open("kim"));
            example(store);
            example(store);
            assertEquals(
                    new BigDecimal("5.00"),
                    DeciderRunner.of(store, Account.CODEC, new Account())
                            .load(StreamId.of("account-1"))
                            .value()
                            .balance());
        }
    }

    @Test
    void standsInTheReadmeAsItIsHere() throws IOException {
        String here = Files.readString(Path.of("src/test/java/dev/evstore/core/decide/ReadmeTypedExampleTest.java"));
        String example = here.substring(here.indexOf("// begin\n") + 9, here.indexOf("        // end\n"))
                .stripTrailing()
                .stripIndent();
        String readme = Files.readString(Path.of("../README.md"));
        assertTrue(readme.contains("```java\n" + example + "\n```\n"), "README.md should hold:\n" + example);
    }

    private static void example(EventStore store) {
        // begin
        // A sealed interface's records, by their simple names; one has had another shape and so another name.
        EventCodec<Event> codec = EventCodec.ofPermitted(Event.class, new JacksonPayloads())
                .type("Deposited/2", Deposited.class)
                .upcast("Deposited", DepositedInCents.class, DepositedInCents::today)
                .build();
        // Load, decide, append; decide again after a conflict. With a key it happens once, however often it is said.
        var accounts = DeciderRunner.of(store, codec, new Account()).snapshots(Snapshots.inMemory(1_000), 1);
        accounts.run(StreamId.of("account-1"), new Deposit(new BigDecimal("5.00")), "c-17");
        // end
    }
}
