package dev.evstore.cli.demo;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Git;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.cli.render.ForkView;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoredTransaction;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.Fork;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Anna and Bert write apart, git merges, and both hold the same; they resolve the fork apart, and still do. Both stores stay open all the time: a merge is seen
 * without reopening. Every claim printed has been checked just before; one that does not hold ends the run.
 */
public final class TwoClones {

    private static final StreamId ACCOUNT = StreamId.of("account-1");

    private final Session session;
    private final Git git;
    private final Path directory;

    public TwoClones(Session session, Git git, Path directory) {
        this.session = session;
        this.git = git;
        this.directory = directory;
    }

    /**
     * @throws Trouble if git refuses, or something claimed does not hold
     */
    public void run() {
        Path origin = directory.resolve("origin.git");
        Path anna = directory.resolve("anna");
        Path bert = directory.resolve("bert");
        git.run(directory, "init", "-q", "--bare", origin.toString());
        git.run(directory, "clone", "-q", origin.toString(), anna.toString());
        say("A bare repository and two clones of it, Anna's and Bert's.");
        try (EventStore annas = session.create(anna)) {
            append(annas, "account-1", ExpectedVersion.noStream(), "AccountOpened", "{\"owner\":\"both\"}");
            append(annas, "account-1", ExpectedVersion.exactly(1), "MoneyDeposited", "{\"amount\":100}");
            commit(anna, "open the account");
            git.run(anna, "push", "-q", "origin", "HEAD:main");
            say("Anna opens account-1, deposits 100, commits, pushes.");
            git.run(directory, "clone", "-q", origin.toString(), bert.toString());
            try (EventStore berts = session.open(bert)) {
                same(annas, berts, "Bert's clone holds the same");
                diverge(anna, annas, bert, berts);
            }
        }
    }

    private void diverge(Path anna, EventStore annas, Path bert, EventStore berts) {
        say("");
        say("Both go offline.");
        List<EventId> fromAnna = List.of(
                append(annas, "account-1", ExpectedVersion.exactly(2), "MoneyWithdrawn", "{\"amount\":80}"),
                append(annas, "notes-anna", ExpectedVersion.noStream(), "Noted", "\"rent\""));
        commit(anna, "anna, offline");
        say("Anna withdraws 80 and writes a note.");
        List<EventId> fromBert = List.of(
                append(berts, "account-1", ExpectedVersion.exactly(2), "MoneyWithdrawn", "{\"amount\":70}"),
                append(berts, "notes-bert", ExpectedVersion.noStream(), "Noted", "\"bicycle\""));
        commit(bert, "bert, offline");
        say("Bert withdraws 70 and writes a note: both saw version 2, and both appends went through.");

        FeedCursor annaBefore = end(annas);
        FeedCursor bertBefore = end(berts);
        say("A consumer at each reads its feed to the end and keeps its cursor.");
        say("");

        git.run(anna, "push", "-q", "origin", "HEAD:main");
        git.run(bert, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
        git.run(bert, "push", "-q", "origin", "HEAD:main");
        git.run(anna, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
        say("Anna pushes; Bert pulls, git merges without a conflict, Bert pushes; Anna pulls.");
        check("1".equals(git.run(bert, "rev-list", "--merges", "--count", "HEAD")), "git has made a merge commit");
        annas.refresh();
        berts.refresh();

        arrived(berts, bertBefore, fromAnna, "Bert");
        arrived(annas, annaBefore, fromBert, "Anna");
        same(annas, berts, "Both clones hold the same");
        say("");
        forked(annas, berts);
        say("");
        resolve(anna, annas, bert, berts);
    }

    private void arrived(EventStore store, FeedCursor before, List<EventId> others, String who) {
        FeedPage page = store.readFeed(before, EventFilter.all(), EventStore.MAX_PAGE);
        List<EventId> got = new ArrayList<>();
        say(who + "'s consumer goes on from its cursor:");
        for (FeedEntry entry : page.entries()) {
            session.print(session.renderer().entry(entry));
            if (entry instanceof FeedEntry.Arrival arrival) {
                got.add(arrival.event().id());
            }
        }
        // Ingested in canonical order (rule P2), and ids ascend in the order they were made.
        check(
                got.equals(others) && page.entries().size() == others.size(),
                who + "'s consumer got exactly what arrived, nothing twice, nothing missed");
    }

    private void same(EventStore one, EventStore two, String claim) {
        check(one.digest().equals(two.digest()), claim + ": digest " + one.digest());
        List<StoredEvent> stream = one.read(ACCOUNT).events();
        check(stream.equals(two.read(ACCOUNT).events()), claim + ": account-1, version " + stream.size() + ":");
        stream.forEach(event -> session.print(session.renderer().event(event)));
    }

    private void forked(EventStore one, EventStore two) {
        check(one.forks().equals(two.forks()), "Both see the same fork");
        List<Fork> forks =
                one.forks().stream().flatMap(unit -> unit.forks().stream()).toList();
        check(
                forks.size() == 1
                        && forks.get(0).stream().equals(ACCOUNT)
                        && forks.get(0).heads().size() == 2
                        && forks.get(0).ancestorVersion() == 2,
                "account-1, and only account-1, is forked: two heads after version 2. Nothing was lost or"
                        + " overwritten; what to do about it is the application's to decide:");
        Map<EventId, StoredEvent> events = new HashMap<>();
        one.read(ACCOUNT).events().forEach(event -> events.put(event.id(), event));
        List<ForkView> views = forks.stream()
                .map(fork -> ForkView.of(
                        fork,
                        events,
                        List.of(),
                        id -> one.readTransaction(id)
                                .map(StoredTransaction::header)
                                .orElse(null)))
                .toList();
        session.print(session.renderer().fork(views));
    }

    private void resolve(Path anna, EventStore annas, Path bert, EventStore berts) {
        say("Both go offline again, and the application at each decides: it adds up, and reports the overdraft.");
        RefreshReport before = annas.refresh();
        ReconcileReport byAnna = annas.reconcile(new Overdraft(), ReconcileOptions.all());
        ReconcileReport byBert = berts.reconcile(new Overdraft(), ReconcileOptions.all());
        session.print(session.renderer().reconciled(before, byAnna, annas.status(), false));
        check(
                byAnna.equals(byBert)
                        && byAnna.unresolved().isEmpty()
                        && byAnna.resolved().size() == 1
                        && read(annas, byAnna).equals(read(berts, byBert)),
                "Apart from each other, both wrote the very same transaction");
        commit(anna, "anna's resolution");
        commit(bert, "bert's resolution");
        FeedCursor annaBefore = end(annas);
        FeedCursor bertBefore = end(berts);

        git.run(anna, "push", "-q", "origin", "HEAD:main");
        git.run(bert, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
        git.run(bert, "push", "-q", "origin", "HEAD:main");
        git.run(anna, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
        say("Anna pushes; Bert pulls, git merges both resolutions, Bert pushes; Anna pulls.");
        check(
                "2".equals(git.run(bert, "rev-list", "--merges", "--count", "HEAD")),
                "git has made another merge commit");
        annas.refresh();
        berts.refresh();
        check(
                end(annas).equals(annaBefore) && end(berts).equals(bertBefore),
                "There are two files of one transaction, which counts once: no consumer hears of it again");
        check(annas.status().isClean() && berts.status().isClean(), "Nothing is forked, and nothing waits for anybody");
        same(annas, berts, "Both clones hold the same");
    }

    private static Optional<StoredTransaction> read(EventStore store, ReconcileReport report) {
        return store.readTransaction(report.resolved().get(0).transaction());
    }

    private static EventId append(EventStore store, String stream, ExpectedVersion expected, String type, String data) {
        return new EventId(
                store.append(StreamId.of(stream), expected, NewEvent.of(type, data))
                        .transaction(),
                0);
    }

    private void commit(Path clone, String message) {
        git.run(clone, "add", "-A");
        git.run(clone, "commit", "-q", "-m", message);
    }

    private static FeedCursor end(EventStore store) {
        FeedPage page = store.readFeed(FeedCursor.beginning(), EventFilter.all(), EventStore.MAX_PAGE);
        while (!page.atEnd()) {
            page = store.readFeed(page.next(), EventFilter.all(), EventStore.MAX_PAGE);
        }
        return page.next();
    }

    private void say(String text) {
        if (!session.options().json() || !text.isEmpty()) {
            session.print(session.renderer().step(text));
        }
        session.output().flush();
    }

    private void check(boolean holds, String claim) {
        if (!holds) {
            throw new Trouble(new Problem(
                    ExitCode.BUG,
                    "demo-failed",
                    "The demonstration failed: something claimed does not hold.",
                    claim,
                    "run it again with --keep DIR and report what is in DIR"));
        }
        say("✓ " + claim + (claim.endsWith(":") ? "" : "."));
    }
}
