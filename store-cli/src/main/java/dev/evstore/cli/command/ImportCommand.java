package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Progress;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.cli.input.Batches;
import dev.evstore.cli.input.InputEvent;
import dev.evstore.cli.input.LineParser;
import dev.evstore.cli.input.Lines;
import dev.evstore.core.Append;
import dev.evstore.core.AppendedAll;
import dev.evstore.core.EventStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Appends the events of a file of JSON lines.",
            "It stops at the first line that fails; the transactions before it stay."
        },
        footer = {
            "",
            "Lines: {\"stream\",\"type\",\"data\"[,\"meta\",\"tags\",\"expect\",\"tx\"]}. Consecutive lines with the"
                    + " same \"tx\" are one transaction.",
            "\"expect\": \"current\" (default), \"any\", \"no-stream\", \"exists\", or a version.",
            "",
            "Examples:",
            "  evstore import events.jsonl",
            "  zcat old.jsonl.gz | evstore import - --per-transaction 100 --extra-to-meta"
        })
final class ImportCommand extends StoreCommand {

    /** Transactions that share a file, and a sync. */
    private static final int TRANSACTIONS_AT_ONCE = 1_000;

    /** Characters of payload held until then; one transaction more may come on top. */
    private static final long TEXT_AT_ONCE = 4 << 20;

    @Parameters(paramLabel = "FILE|-", description = "The file, or - for standard input.")
    private String file;

    @Option(
            names = "--per-transaction",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many lines without \"tx\" make a transaction (default: 1).")
    private int perTransaction;

    @Option(names = "--extra-to-meta", description = "Keep other keys in the event's metadata; else they are refused.")
    private boolean extraToMeta;

    private long transactions;
    private long events;
    private final List<Batches.Batch> waiting = new ArrayList<>();
    private long waitingText;

    @Override
    int run(Session session, EventStore store) throws IOException {
        Batches batches = new Batches(perTransaction);
        if (file.equals("-")) {
            read(session, store, batches, new Lines(session.in(), "standard input"));
        } else {
            Path path = session.resolve(Path.of(file));
            try (InputStream in = open(path)) {
                read(session, store, batches, new Lines(in, path.toString()));
            }
        }
        session.print(session.renderer().imported(transactions, events));
        return ExitCode.DONE;
    }

    private static InputStream open(Path path) {
        try {
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw new Trouble(Problem.unreadable("The input can't be read.", path.toString(), e), e);
        }
    }

    private void read(Session session, EventStore store, Batches batches, Lines lines) {
        LineParser parser = LineParser.forImport(extraToMeta);
        try (Progress progress = Progress.of("lines", session)) {
            for (String line = next(store, lines); line != null; line = next(store, lines)) {
                try {
                    InputEvent input = parser.parse(line);
                    append(store, batches.before(input), lines);
                    append(store, batches.add(input, lines.number()), lines);
                } catch (IllegalArgumentException e) {
                    flush(store, lines);
                    throw stopped(e, lines.place());
                }
                progress.at(lines.number());
            }
            append(store, batches.rest(), lines);
            flush(store, lines);
        }
    }

    private @Nullable String next(EventStore store, Lines lines) {
        try {
            return lines.next();
        } catch (Trouble e) {
            flush(store, lines);
            throw new Trouble(e.problem().adding(soFar()), e);
        }
    }

    private void append(EventStore store, Batches.@Nullable Batch batch, Lines lines) {
        if (batch != null) {
            waiting.add(batch);
            for (Append.Entry entry : batch.append().events()) {
                waitingText += entry.event().data().length();
            }
            if (waiting.size() == TRANSACTIONS_AT_ONCE || waitingText >= TEXT_AT_ONCE) {
                flush(store, lines);
            }
        }
    }

    /** Many transactions become one file. */
    private void flush(EventStore store, Lines lines) {
        List<Batches.Batch> now = List.copyOf(waiting);
        waiting.clear();
        waitingText = 0;
        AppendedAll appended =
                store.appendAll(now.stream().map(Batches.Batch::append).toList());
        int done = appended.results().size();
        transactions += done;
        now.subList(0, done).forEach(batch -> events += batch.append().events().size());
        RuntimeException failure = appended.failure();
        if (failure != null) {
            throw stopped(failure, now.get(done).place(lines.name()));
        }
    }

    private Trouble stopped(RuntimeException e, String place) {
        return new Trouble(Problem.of(e).at(place).adding(soFar()), e);
    }

    private String soFar() {
        return transactions == 0
                ? "nothing of the input is in the store"
                : "in the store from before it: transactions " + transactions + ", events " + events;
    }
}
