package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.GitRefusedException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.worktree.GitDirectory;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A clone whose store stays open while git moves files under it, with a consumer that follows. Knows what was ever
 * acknowledged here, and what any commit held that was ever checked out here.
 */
final class WalkingClone implements AutoCloseable {

    /** The transactions of an event file, by its path and size: its bytes never change. */
    private static final Map<String, List<Transaction>> FILES = new HashMap<>();

    private static final String SAME_WORDS = "what every event of this kind says, word by word. ".repeat(20);

    final GitClone git;
    private final StoreOptions options;
    private final Map<String, String> environment;
    private final List<String> trail;
    private final ConsumersView consumer = new ConsumersView();
    private final Set<TransactionId> acknowledged = new HashSet<>();
    private final Set<TransactionId> committed = new HashSet<>();
    private Map<TransactionId, TransactionHeader> visible = Map.of();
    private boolean unfinished;
    private final GitDirectory directory;
    private List<String> unmerged = List.of();
    private String index = "";
    private String headLog = "";
    private String head = "";
    private FileEventStore store;

    WalkingClone(Path root, StoreOptions options, Map<String, String> environment, List<String> trail) {
        this.git = new GitClone(root);
        this.directory = Objects.requireNonNull(GitDirectory.of(root));
        this.options = options;
        this.environment = environment;
        this.trail = trail;
        this.store = FileEventStore.create(root, options);
    }

    Path events() {
        return git.root().resolve("events");
    }

    /** Runs git, which may refuse or stop. */
    GitClone.Ended git(String... arguments) {
        GitClone.Ended ended = git.tryGit(environment, arguments);
        trail.add(git.root().getFileName() + " git " + String.join(" ", arguments)
                + (ended.exit() == 0
                        ? ""
                        : " → " + ended.exit() + " " + ended.said().strip()));
        assertTrue(ended.exit() != 128 || !ended.said().contains("BUG"), ended.said());
        return ended;
    }

    boolean ok(String... arguments) {
        return git(arguments).exit() == 0;
    }

    List<String> lines(String... arguments) {
        return git.git(arguments).lines().toList();
    }

    void append(Random random) {
        AppendResult result = store.append(one(random));
        trail.add(git.root().getFileName() + " append " + result.transaction());
        acknowledged.add(result.transaction());
    }

    void appendAll(Random random, int count) {
        List<Append> appends = Stream.generate(() -> one(random)).limit(count).toList();
        store.appendAll(appends).results().forEach(result -> acknowledged.add(result.transaction()));
        trail.add(git.root().getFileName() + " import " + count);
    }

    /** Events so alike that git takes the file of one for the file of another, renamed. */
    private static Append one(Random random) {
        StreamId stream = StreamId.of("account-" + random.nextInt(3));
        NewEvent event = NewEvent.of(
                random.nextBoolean() ? "MoneyDeposited" : "MoneyWithdrawn",
                "{\"currency\":\"EUR\",\"amount\":" + random.nextInt(10) + ",\"purpose\":\"" + SAME_WORDS + "\"}");
        return Append.to(stream, random.nextInt(4) == 0 ? ExpectedVersion.any() : ExpectedVersion.current(), event);
    }

    FileEventStore store() {
        return store;
    }

    void reopen() {
        store.close();
        store = FileEventStore.open(git.root(), options);
    }

    /** What is kept for this clone comes back, unless a commit holds it. */
    void restore() {
        RestoreReport report = store.restore();
        trail.add(git.root().getFileName() + " restore " + report.files());
        look();
        for (Transaction kept : under(store.opened().layout().uncommitted())) {
            TransactionId id = kept.header().id();
            assertTrue(visible.containsKey(id) || committed.contains(id), () -> id + " is not restored"); // L2
        }
        assertEquals(
                List.of(),
                store.status().findings().stream()
                        .filter(finding -> finding.code() == Finding.Code.UNCOMMITTED_LOST)
                        .toList());
    }

    /** Lets evstore do it, which may refuse. */
    void withEvstore(String what, Function<GitWorkTree, Object> work) {
        String said;
        try {
            said = String.valueOf(work.apply(GitWorkTree.of(store)));
        } catch (GitRefusedException e) {
            said = e.toString();
        }
        trail.add(git.root().getFileName() + " evstore " + what + " → " + said);
    }

    /** What a commit holds comes back, whatever became of it. */
    void restore(String commit) {
        GitWorkTree.of(store).restore(commit);
        look();
        Set<TransactionId> lacking = new HashSet<>();
        for (String path : lines("ls-tree", "-r", "--name-only", commit, "--", "events")) {
            FILES.forEach((file, transactions) -> {
                if (path.endsWith(".jsonl") && file.startsWith(path.substring(path.lastIndexOf('/') + 1) + " ")) {
                    transactions.forEach(one -> lacking.add(one.header().id()));
                }
            });
        }
        lacking.removeAll(visible());
        assertEquals(Set.of(), lacking, "not restored from " + commit); // T69
    }

    /** Ends git's conflicts on event files. */
    void resolve() {
        ResolveReport report = GitWorkTree.of(store).resolve();
        trail.add(git.root().getFileName() + " resolve " + report);
        assertEquals(
                List.of(),
                unmerged().stream().filter(path -> path.startsWith("events/")).toList()); // G5
    }

    /** Whether git was between two steps at the last look, or waited for somebody to end a conflict. */
    boolean unfinished() {
        return unfinished;
    }

    /** Asked of git where its index is another file than when that was last asked. */
    List<String> unmerged() {
        String now = stamp(directory.index());
        if (!now.equals(index)) {
            index = now;
            unmerged = lines("ls-files", "-u").stream()
                    .map(line -> line.substring(line.indexOf('\t') + 1))
                    .distinct()
                    .toList();
        }
        return unmerged;
    }

    private static String stamp(Path file) {
        try {
            return String.valueOf(Stamp.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds the store against the files, its consumer against both, and everything ever acknowledged against loss. */
    void look() {
        store.refresh();
        Map<TransactionId, TransactionHeader> there = new TreeMap<>();
        under(events()).forEach(found -> there.put(found.header().id(), found.header()));
        boolean underWay = GitSteps.of(git.root()).underWay();
        if (underWay) {
            visible.forEach(there::putIfAbsent); // P6
        }
        visible = there;
        unfinished = underWay || !unmerged().isEmpty();
        noteCommitted();
        History model = History.of(there.values());
        StoreAgainstModel.check(store, there.values()); // I4, T30
        consumer.readOn(store, 3);
        assertEquals(StoreAgainstModel.visible(model), consumer.view(), "a consumer's view"); // P6
        Set<TransactionId> lost = new HashSet<>(acknowledged);
        lost.removeAll(committed);
        lost.removeAll(there.keySet());
        if (!lost.isEmpty()) {
            under(store.opened().layout().uncommitted())
                    .forEach(kept -> lost.remove(kept.header().id()));
        }
        assertEquals(Set.of(), lost, "out of reach of restore"); // L2, T71
        hearFindings();
    }

    /** What status may say after a step of git's; where git has what is not here, the command it names is run. */
    private void hearFindings() {
        for (Finding finding : store.status().findings()) {
            switch (finding.code()) {
                case UNCOMMITTED_LOST -> assertEquals("evstore restore", finding.remedy());
                case GIT_CONFLICT -> assertTrue(unfinished, finding.toString());
                case NOT_CHECKED_OUT -> { // after a reset to before a revert, L3
                    assertTrue(ok(finding.remedy().substring(4).split(" ")));
                    look();
                }
                default -> fail(finding.toString());
            }
        }
    }

    /** Every commit is HEAD at some time, and then its files are here. */
    private void noteCommitted() {
        String log = stamp(directory.headLog());
        if (log.equals(headLog)) {
            return; // HEAD has not moved
        }
        headLog = log;
        String now = lines("rev-parse", "HEAD").get(0);
        if (now.equals(head)) {
            return;
        }
        head = now;
        for (String path : lines("ls-tree", "-r", "--name-only", "HEAD", "--", "events")) {
            Path file = git.root().resolve(path);
            if (path.endsWith(".jsonl") && Files.exists(file)) {
                read(file).forEach(found -> committed.add(found.header().id()));
            }
        }
    }

    Set<TransactionId> visible() {
        return visible.keySet();
    }

    Set<TransactionId> committed() {
        return committed;
    }

    private static List<Transaction> under(Path directory) {
        List<Transaction> found = new ArrayList<>();
        if (!Files.exists(directory)) {
            return found;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            all.filter(file -> file.toString().endsWith(".jsonl")).forEach(file -> found.addAll(read(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static List<Transaction> read(Path file) {
        try {
            return FILES.computeIfAbsent(
                    file.getFileName() + " " + Files.size(file), key -> EventFilesByHand.read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
