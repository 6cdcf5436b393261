package dev.evstore.fs;

import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.git.GitRepository;
import dev.evstore.fs.git.MissingEvents;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Brings back what a commit has and the store does not show. Of its files only the valid transactions that lack are
 * taken, byte for byte, and they get the names that a writer would give them: where all of a file lacks, it is the same file
 * again.
 */
final class RestoreFrom {

    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");

    private final FileEventStore store;
    private final GitDirectory git;
    private final StoreLayout layout;
    private final ReplicaId self;

    RestoreFrom(FileEventStore store, GitDirectory git) {
        this.store = store;
        this.git = git;
        this.layout = store.opened().layout();
        this.self = store.replica();
    }

    RestoreReport run(String commit) {
        try (GitRepository repository = GitRepository.openUnfinished(git, layout);
                MissingEvents compared = new MissingEvents(repository)) {
            return store.changingFiles(() -> {
                store.inGit().requireCheckedOut();
                return restored(compared, commit);
            });
        }
    }

    private RestoreReport restored(MissingEvents compared, String commit) throws IOException {
        List<String> files = new ArrayList<>();
        Set<TransactionId> back = new TreeSet<>();
        for (MissingEvents.File file : compared.missing(commit, store::notVisible)) {
            List<Transaction> transactions = compared.read(file).stream()
                    .filter(transaction -> back.add(transaction.header().id()))
                    .toList();
            if (!transactions.isEmpty()) {
                files.add("events/" + store.inGit().putBack(path(file.path(), transactions), bytes(transactions)));
            }
        }
        return new RestoreReport(files, back.size());
    }

    private static byte[] bytes(List<Transaction> transactions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        transactions.forEach(transaction -> bytes.writeBytes(transaction.bytes()));
        return bytes.toByteArray();
    }

    /** In the month that it was in, if it was in one; a file in another place was put there by hand. */
    private String path(String was, List<Transaction> transactions) {
        String[] names = was.split("/", -1);
        String month = names.length < 2 ? "" : names[names.length - 2];
        return (MONTH.matcher(month).matches()
                        ? month
                        : layout.month(Instant.now()).getFileName()) + "/" + name(transactions);
    }

    private String name(List<Transaction> transactions) {
        TransactionId first = transactions.get(0).header().id();
        if (transactions.size() > 1) {
            return StoreLayout.packName(first, bytes(transactions));
        }
        return transactions.get(0).header().isMerge()
                ? StoreLayout.mergeName(first, self)
                : StoreLayout.looseName(first);
    }
}
