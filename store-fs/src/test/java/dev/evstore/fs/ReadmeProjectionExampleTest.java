package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.core.projection.Projection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example of a projection, run; what stands between the two marks is what stands there. */
final class ReadmeProjectionExampleTest {

    @TempDir
    Path directory;

    record Deposited(long cents) {}

    record Balance(long cents, long deposits) {
        static Balance zero() {
            return new Balance(0, 0);
        }

        Balance plus(Deposited deposited) {
            return new Balance(cents + deposited.cents(), deposits + 1);
        }
    }

    @Test
    void doesWhatTheReadmeSays() throws InterruptedException {
        try (FileEventStore store = FileEventStore.create(directory)) {
            EventCodec<Deposited> codec = EventCodec.of(Deposited.class, new JacksonPayloads())
                    .type("Deposited", Deposited.class)
                    .build();
            store.append(StreamId.of("account-1"), ExpectedVersion.any(), codec.encode(new Deposited(5)));
            assertEquals(new Balance(12, 2), example(store, codec));
        }
    }

    @Test
    void standsInTheReadmeAsItIsHere() throws IOException {
        String here = Files.readString(Path.of("src/test/java/dev/evstore/fs/ReadmeProjectionExampleTest.java"));
        String example = here.substring(here.indexOf("// begin\n") + 9, here.indexOf("        // end\n"))
                .stripTrailing()
                .stripIndent();
        String readme = Files.readString(Path.of("../README.md"));
        assertTrue(readme.contains("```java\n" + example + "\n```\n"), "README.md should hold:\n" + example);
    }

    private static Balance example(FileEventStore store, EventCodec<Deposited> codec) throws InterruptedException {
        // begin
        Projection<Balance> balances = Projection.named("balances")
                .version(1) // to be raised when a function below means something else
                .perStream() // or keyedBy(event -> …), or single()
                .initially(Balance::zero)
                .on(Deposited.class, Balance::plus)
                .build();
        try (ProjectionHost host = ProjectionHost.open(store, codec, balances)) { // serves what it has, and catches up
            var appended =
                    store.append(StreamId.of("account-1"), ExpectedVersion.any(), codec.encode(new Deposited(7)));
            host.awaitApplied(appended, Duration.ofSeconds(10)); // read your own write
            return host.view(balances, "account-1").orElseThrow().state();
        }
        // end
    }
}
