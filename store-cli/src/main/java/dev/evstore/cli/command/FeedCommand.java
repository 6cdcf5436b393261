package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "feed",
        description = {
            "Prints what became visible here, in the order it did.",
            "This order never rewinds: an event that a merge brings comes after all that was here before. What is gone"
                    + " again comes as a retraction.",
            "A transaction is never split, so the last one may pass the limit."
        },
        footer = {
            "",
            "Examples:",
            "  evstore feed --json",
            "  evstore feed --after CURSOR --limit 100     (a cursor is the \"position\" of an entry)",
            "  evstore feed --follow --glob 'account-*' --type MoneyDeposited"
        })
final class FeedCommand extends StoreCommand {

    private static final int PAGE = 1_000;

    @Option(names = "--after", paramLabel = "CURSOR", description = "Where to go on (default: the beginning).")
    private @Nullable String after;

    @Option(names = "--limit", paramLabel = "N", description = "End after this many entries.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--follow", description = "Wait for more, until interrupted.")
    private boolean follow;

    @ArgGroup(exclusive = true)
    private @Nullable Streams streams;

    static final class Streams {
        @Option(names = "--stream-prefix", paramLabel = "P", description = "Streams that begin so.")
        private @Nullable String prefix;

        @Option(names = "--glob", paramLabel = "G", description = "Streams that fit: * ? [a-z] [!a-z].")
        private @Nullable String glob;
    }

    @Option(names = "--type", paramLabel = "T", description = "Events of this type; of one of several.")
    private Set<String> types = Set.of();

    @Option(names = "--tag", paramLabel = "T", description = "Events with this tag; with all of several.")
    private Set<String> tags = Set.of();

    @Override
    int run(Session session, EventStore store) throws InterruptedException {
        if (limit < 1) {
            throw new IllegalArgumentException("a feed's limit is at least 1, not " + limit);
        }
        EventFilter filter = filter();
        FeedCursor cursor = after == null ? FeedCursor.beginning() : FeedCursor.of(after);
        long left = limit;
        store.refresh();
        while (left > 0) {
            FeedPage page = store.readFeed(cursor, filter, (int) Math.min(left, PAGE));
            page.entries().forEach(entry -> session.print(session.renderer().entry(entry)));
            session.output().flush();
            cursor = page.next();
            left -= page.entries().size();
            if (page.atEnd() && left > 0) {
                if (!follow) {
                    break;
                }
                session.environment().pause().pause();
                store.refresh();
            }
        }
        session.remark("go on with: --after " + cursor);
        return ExitCode.DONE;
    }

    private EventFilter filter() {
        String prefix = streams == null || streams.prefix == null ? "" : streams.prefix;
        String glob = streams == null ? null : streams.glob;
        Set<EventType> wanted = types.stream().map(EventType::of).collect(Collectors.toSet());
        return new EventFilter(prefix, glob, wanted, tags);
    }
}
