package dev.evstore.cli.render;

import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A transaction's header in words, not yet safe to print. */
final class TransactionText {

    /** Streams named in a line of the log; of more, how many. */
    private static final int MOST_STREAMS = 4;

    private TransactionText() {}

    /** Labelled lines, all that the header says. */
    static List<String> lines(TransactionHeader header) {
        List<String> lines = new ArrayList<>();
        lines.add("transaction " + header.id());
        lines.add("written by  " + writer(header));
        if (header.isNewer()) {
            lines.add("format      " + header.format() + ", needs a newer evstore");
        }
        lines.add("parents     " + ids(header.parents().keySet()));
        header.writes()
                .forEach((stream, write) ->
                        lines.add("writes      " + stream + " " + how(write) + ": +" + count(header, stream)));
        header.reads().forEach((stream, heads) -> lines.add("read        " + stream + " at " + ids(heads)));
        if (header.command() != null) {
            lines.add("command     " + header.command());
        }
        if (header.meta() != null) {
            lines.add("meta        " + header.meta());
        }
        lines.add("sha256      " + header.trailer());
        return lines;
    }

    private static String writer(TransactionHeader header) {
        Origin origin = header.origin();
        if (origin != null) {
            return "replica " + origin.replica() + ", its number " + origin.sequence() + ", at " + origin.at();
        }
        return header.isMerge() ? "nobody: a merge is the same wherever it is made" : "unknown";
    }

    private static String how(TransactionHeader.Write write) {
        if (write instanceof TransactionHeader.Superseding superseding) {
            return superseding.heads().isEmpty() ? "as new" : "after " + ids(superseding.heads());
        }
        return "freely";
    }

    private static long count(TransactionHeader header, StreamId stream) {
        return header.events().stream()
                .filter(slot -> slot.stream().equals(stream))
                .count();
    }

    private static String ids(Collection<TransactionId> ids) {
        return ids.isEmpty()
                ? "none"
                : ids.stream().map(TransactionId::toString).collect(Collectors.joining(", "));
    }

    /** Who wrote it, for a line of the log. */
    static String brief(TransactionHeader header) {
        Origin origin = header.origin();
        return origin != null
                ? "replica " + origin.replica().shortForm() + "  " + origin.at()
                : header.isMerge() ? "merge" : "newer format";
    }

    /** What it writes, for a line of the log. */
    static String streams(TransactionHeader header) {
        List<String> streams = header.writes().entrySet().stream()
                .limit(MOST_STREAMS)
                .map(write -> {
                    int heads = header.supersedes(write.getKey()).size();
                    String how = write.getValue() instanceof TransactionHeader.Free
                            ? " (free)"
                            : heads > 1 ? " (of " + heads + " heads)" : "";
                    return write.getKey() + " +" + count(header, write.getKey()) + how;
                })
                .collect(Collectors.toCollection(ArrayList::new));
        int more = header.writes().size() - streams.size();
        if (more > 0) {
            streams.add(more + " more");
        }
        return String.join(", ", streams);
    }
}
