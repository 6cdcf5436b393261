package dev.evstore.cli.render;

import dev.evstore.core.Finding;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.StaleRead;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a store stands, in words. */
final class StatusText {

    private final Ink ink;

    StatusText(Ink ink) {
        this.ink = ink;
    }

    /** All lines. */
    List<String> lines(StoreStatus status, @Nullable List<StaleRead> staleReads) {
        List<String> lines = new ArrayList<>();
        lines.add("replica     " + status.replica());
        lines.add("holds       " + Ink.count(status.transactions(), "transaction") + ", "
                + Ink.count(status.events(), "event") + ", " + Ink.count(status.streams(), "stream"));
        lines.add("digest      " + status.digest());
        lines.add("index       epoch " + status.epoch() + ", generation " + status.generation());
        if (status.uncommitted() > 0) {
            lines.add("uncommitted " + Ink.count(status.uncommitted(), "event file"));
        }
        status.sequences()
                .forEach(sequence -> lines.add("numbers     replica " + sequence.replica() + " counts to "
                        + sequence.newest() + ": " + sequence.missing() + " not here, " + sequence.shared()
                        + " on several transactions"));
        if (status.moreSequences() > 0) {
            lines.add(
                    "numbers     of " + Ink.count(status.moreSequences(), "more replica") + " have gaps or are shared");
        }
        addWaiting(status, staleReads, lines);
        if (status.isClean()) {
            lines.add("Nothing waits for anybody.");
        }
        return lines;
    }

    /** What waits for somebody, and what is odd. */
    void addWaiting(StoreStatus status, @Nullable List<StaleRead> staleReads, List<String> lines) {
        for (ForkUnit unit : status.forks()) {
            lines.add(ink.warn("forked      ")
                    + Escapes.escape(
                            unit.streams().stream().map(StreamId::value).collect(Collectors.joining(", "))));
        }
        if (!status.forks().isEmpty()) {
            lines.add("              try: evstore forks shows what was written apart, evstore reconcile ends it");
        }
        status.incomplete().forEach(stream -> lines.add(ink.warn("incomplete  ") + Escapes.escape(stream.value())));
        status.dangling().forEach(tx -> lines.add(ink.warn("dangling    ") + tx + " names a parent that is not here"));
        if (staleReads != null) {
            lines.add("stale reads " + staleReads.size());
            staleReads.forEach(read -> lines.add(staleRead(read)));
        }
        status.findings().forEach(finding -> lines.add(finding(finding)));
        if (status.moreFindings() > 0) {
            lines.add(ink.warn("and         ") + Ink.count(status.moreFindings(), "more finding"));
        }
    }

    String finding(Finding finding) {
        return ink.warn("finding     ") + Escapes.escape(finding.code() + ": " + finding.what())
                + "\n              where: " + Escapes.escape(finding.where()) + "\n              try: "
                + Escapes.escape(finding.remedy());
    }

    private String staleRead(StaleRead read) {
        return ink.warn("            ")
                + Escapes.escape(read.transaction() + " read " + read.stream().value()) + "\n              saw: "
                + heads(read.seen()) + "\n              were: " + heads(read.were());
    }

    private static String heads(List<TransactionId> heads) {
        return heads.isEmpty()
                ? "no head"
                : heads.stream().map(TransactionId::toString).collect(Collectors.joining(", "));
    }
}
