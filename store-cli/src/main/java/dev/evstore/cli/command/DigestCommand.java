package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "digest",
        description = {
            "Prints the digest of the store or of one stream.",
            "Two replicas have the same exactly when they hold the same."
        },
        footer = {"", "Examples:", "  evstore digest", "  evstore digest account-1"})
final class DigestCommand extends StoreCommand {

    @Parameters(arity = "0..1", paramLabel = "STREAM", description = "Only this stream.")
    private @Nullable String stream;

    @Override
    int run(Session session, EventStore store) {
        session.print(session.renderer().digest(digest(store)));
        return ExitCode.DONE;
    }

    private Digest digest(EventStore store) {
        return stream == null
                ? store.digest()
                : store.read(StreamId.of(stream), ReadOptions.forwards().limit(1))
                        .state()
                        .digest();
    }
}
