package dev.evstore.cli.render;

import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Forks for people: the branches side by side where the terminal is wide enough, else one after the other. */
final class ForkText {

    private final Ink ink;
    private final int columns;
    private final Function<StoredEvent, String> event;

    /**
     * @param columns how wide the terminal is; 0 if there is none
     * @param event an event of a stream, in a line
     */
    ForkText(Ink ink, int columns, Function<StoredEvent, String> event) {
        this.ink = ink;
        this.columns = columns;
        this.event = event;
    }

    List<String> lines(List<ForkView> unit) {
        List<String> lines = new ArrayList<>();
        if (unit.size() > 1) {
            lines.add("These " + unit.size() + " streams are resolved together:");
        }
        for (ForkView fork : unit) {
            lines.add(ink.strong(Escapes.escape(fork.stream().value())) + " forked after version "
                    + fork.ancestorVersion() + ": " + Ink.count(fork.heads().size(), "head"));
            int width = SideBySide.width(columns, fork.heads().size());
            if (width > 0) {
                lines.addAll(new SideBySide(ink, width).lines(fork));
            } else {
                fork.heads().forEach(head -> head(head, lines));
            }
            if (!fork.free().isEmpty()) {
                lines.add("  free, on no branch");
                fork.free().forEach(free -> lines.add("  " + event.apply(free)));
            }
        }
        return lines;
    }

    private void head(ForkView.Head head, List<String> lines) {
        Origin origin = head.origin();
        lines.add("  head " + head.transaction()
                + (origin == null ? "" : "  replica " + origin.replica().shortForm() + "  " + origin.at())
                + (head.resolved().isEmpty() ? "" : "  a merge that resolved " + joined(head.resolved())));
        for (ForkView.Shown shown : head.events()) {
            lines.add("  " + event.apply(shown.event())
                    + (shown.alsoReachedBy().isEmpty()
                            ? ""
                            : ink.warn("  also on " + shown.alsoReachedBy().size() + " more")));
        }
    }

    private static String joined(List<TransactionId> ids) {
        return ids.stream().map(TransactionId::toString).collect(Collectors.joining(", "));
    }
}
