package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Progress;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.cli.render.Exports;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = {
            "Prints all events, or those of a stream, as JSON lines.",
            "jsonl is what import takes back: streams, types, data, metadata, tags, and which events are one"
                    + " transaction. An event without a payload can't be one: redacted, or of a newer format. It is left"
                    + " out, and the exit code is 1."
        },
        footer = {
            "",
            "cloudevents: CloudEvents 1.0; id is TX/ORDINAL, source the writing replica, subject the stream, time the"
                    + " writer's clock; extensions streamversion, evtags and evmeta (JSON in text).",
            "",
            "Examples:",
            "  evstore export > all.jsonl",
            "  evstore export --stream account-1 | evstore -C elsewhere import -",
            "  evstore export --feed --format cloudevents"
        })
final class ExportCommand extends StoreCommand {

    private static final int PAGE = 1_000;

    /** The lines' form. */
    enum Format {
        JSONL,
        CLOUDEVENTS;

        @Override
        public String toString() {
            return this == JSONL ? "jsonl" : "cloudevents";
        }
    }

    @Option(names = "--stream", paramLabel = "S", description = "Only this stream.")
    private @Nullable String stream;

    @ArgGroup(exclusive = true)
    private @Nullable Order order;

    static final class Order {
        @Option(names = "--canonical", description = "In the order that is the same on every replica (default).")
        private boolean canonical;

        @Option(names = "--feed", description = "In the order in which they became visible here.")
        private boolean feed;
    }

    @Option(names = "--format", paramLabel = "F", defaultValue = "jsonl", description = "${COMPLETION-CANDIDATES}.")
    private Format format;

    private long printed;
    private long leftOut;

    @Override
    int run(Session session, EventStore store) {
        StreamId only = stream == null ? null : StreamId.of(stream);
        try (Progress progress = Progress.of("events", session)) {
            if (order == null || order.canonical || !order.feed) {
                Iterable<StoredEvent> events = only == null
                        ? store.readAll(ReadAllOptions.forwards())
                        : new PagedRead(store, only, ReadOptions.forwards(), Long.MAX_VALUE);
                events.forEach(event -> print(session, event, progress));
            } else {
                // A name holds no wildcard, so it is the pattern that nothing else fits.
                feed(session, store, only == null ? EventFilter.all() : EventFilter.glob(only.value()), progress);
            }
        }
        if (leftOut > 0) {
            throw new Trouble(new Problem(
                    ExitCode.FINDINGS,
                    "left-out",
                    "Events without a payload were left out.",
                    "events left out: " + leftOut + "; exported: " + printed,
                    "see them with evstore read, or export with --format cloudevents"));
        }
        return ExitCode.DONE;
    }

    private void feed(Session session, EventStore store, EventFilter filter, Progress progress) {
        FeedPage page;
        FeedCursor cursor = FeedCursor.beginning();
        do {
            page = store.readFeed(cursor, filter, PAGE);
            for (FeedEntry entry : page.entries()) {
                if (entry instanceof FeedEntry.Retraction gone) {
                    throw changed(gone);
                }
                print(session, ((FeedEntry.Arrival) entry).event(), progress);
            }
            cursor = page.next();
        } while (!page.atEnd());
    }

    private void print(Session session, StoredEvent event, Progress progress) {
        if (format == Format.CLOUDEVENTS) {
            session.print(Exports.cloudEvent(event));
        } else if (event instanceof RecordedEvent recorded) {
            session.print(Exports.importable(recorded));
        } else {
            leftOut++;
            return;
        }
        progress.at(++printed);
    }

    private static Trouble changed(FeedEntry.Retraction gone) {
        return new Trouble(new Problem(
                ExitCode.CONFLICT,
                "store-changed",
                "Events that were exported already were taken back meanwhile.",
                "transaction " + gone.transaction(),
                "export again"));
    }
}
