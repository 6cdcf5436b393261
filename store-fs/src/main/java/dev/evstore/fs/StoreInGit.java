package dev.evstore.fs;

import dev.evstore.core.Finding;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.append.Findings;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.git.Absent;
import dev.evstore.fs.git.CommittedEvents;
import dev.evstore.fs.git.Content;
import dev.evstore.fs.git.GitUnreadableException;
import dev.evstore.fs.index.FileRows;
import dev.evstore.fs.index.IndexReads;
import dev.evstore.fs.index.IndexWrites;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What it means for a store to be in a git working tree: what is written here is kept until git holds it (L2), and
 * nothing is appended while files that git has are not here (L3). Outside git, nothing. JGit is loaded when there is
 * something to ask it. Every method is called on the store's thread with the store lock held.
 */
final class StoreInGit {

    private final StoreLayout layout;
    private final Disk disk;
    private final GitSteps steps;
    private final IndexReads reads;
    private final IndexWrites writes;
    private final UncommittedFiles uncommitted;
    private @Nullable CheckedOut checkedOut;
    private @Nullable AroundTheStore around;

    StoreInGit(StoreLayout layout, Disk disk, GitSteps steps, IndexReads reads, IndexWrites writes, FileRows rows) {
        this.layout = layout;
        this.disk = disk;
        this.steps = steps;
        this.reads = reads;
        this.writes = writes;
        this.uncommitted = new UncommittedFiles(layout, disk, reads, rows);
    }

    /** Whether the store is in a working tree; else no other method does anything. */
    boolean isInGit() {
        return steps.directory() != null;
    }

    /** Made when it is first needed: the repository may be younger than the open store. */
    private CheckedOut checkedOut(GitDirectory git) {
        CheckedOut known = checkedOut;
        if (known == null) {
            known = new CheckedOut(layout, disk, git, steps, reads, writes);
            checkedOut = known;
        }
        return known;
    }

    private AroundTheStore around(GitDirectory git) {
        AroundTheStore known = around;
        if (known == null) {
            known = new AroundTheStore(layout, disk, git);
            around = known;
        }
        return known;
    }

    /** Where an event file that is about to be published is kept a second time; null where it isn't. */
    @Nullable
    Path place(String month, String name) throws IOException {
        return isInGit() ? uncommitted.place(month, name) : null;
    }

    /**
     * Refuses to go on where event files lack that git has.
     *
     * @return whether git has changed since this was last asked, so that there may be files to take in
     * @throws StoreUnusableException naming the command that brings them in
     */
    boolean requireCheckedOut() throws IOException {
        GitDirectory git = steps.directory();
        return git != null && checkedOut(git).require();
    }

    /** Adds what git knows to what the index tells, and forgets the copies that HEAD has made superfluous. */
    StoreStatus complete(StoreStatus status) throws IOException {
        GitDirectory git = steps.directory();
        if (git == null) {
            return status;
        }
        List<Finding> findings = new ArrayList<>();
        long count;
        String state = checkedOut(git).state();
        try (CommittedEvents events = CommittedEvents.open(git, layout)) {
            UncommittedFiles.Standing standing = uncommitted.look(events);
            count = standing.uncommitted();
            standing.lost().forEach(lost -> findings.add(finding(lost)));
            SortedSet<String> stopped = events.stopped();
            if (!stopped.isEmpty()) {
                findings.add(finding(stopped));
            }
            findings.addAll(around(git).look());
            Absent absent = checkedOut(git).ask(events, state);
            if (absent != null && absent.files() > 0) {
                findings.add(finding(absent));
            }
        } catch (GitUnreadableException e) {
            count = uncommitted.count();
            findings.add(finding(e));
        }
        findings.addAll(status.findings());
        int kept = Math.min(findings.size(), Findings.MAX);
        return status.with(count, findings.subList(0, kept), status.moreFindings() + findings.size() - kept);
    }

    /** Notes what a commit of ours made of what git holds. */
    void committed(Content.Change change) throws IOException {
        GitDirectory git = steps.directory();
        if (git != null) {
            checkedOut(git).committed(change);
        }
    }

    /** Forgets the copies that HEAD has made superfluous; the files were looked at before. */
    void forgetCommitted() throws IOException {
        GitDirectory git = steps.directory();
        if (git != null && uncommitted.count() > 0) {
            try (CommittedEvents events = CommittedEvents.open(git, layout)) {
                uncommitted.look(events);
            } catch (GitUnreadableException e) {
                return; // then they are kept, and status tells why
            }
        }
    }

    /** Puts back what is lost; the files are to be looked at before and after. */
    RestoreReport restore() throws IOException {
        GitDirectory git = steps.directory();
        if (git == null) {
            return new RestoreReport(List.of(), 0);
        }
        try (CommittedEvents events = CommittedEvents.open(git, layout)) {
            return uncommitted.restore(uncommitted.look(events).lost());
        } catch (GitUnreadableException e) {
            Finding finding = finding(e);
            throw new StoreUnusableException(finding.what(), finding.where(), finding.remedy(), e);
        }
    }

    /** {@link UncommittedFiles#putBack} */
    String putBack(String path, byte[] bytes) throws IOException {
        return uncommitted.putBack(path, bytes);
    }

    private static Finding finding(UncommittedFiles.Lost lost) {
        int transactions = lost.transactions().size();
        return new Finding(
                Finding.Code.UNCOMMITTED_LOST,
                "An event file that was written here and never committed is gone, and " + transactions
                        + (transactions == 1 ? " transaction" : " transactions") + " with it.",
                "events/" + lost.path(),
                "evstore restore");
    }

    private static Finding finding(SortedSet<String> stopped) {
        return new Finding(
                Finding.Code.GIT_CONFLICT,
                "Git stopped on files of the store.",
                stopped.first() + (stopped.size() == 1 ? "" : " and " + (stopped.size() - 1) + " more"),
                "evstore resolve");
    }

    private static Finding finding(Absent absent) {
        return new Finding(
                Finding.Code.NOT_CHECKED_OUT,
                "Event files that git has are not in the working tree; nothing is appended without them.",
                CheckedOut.describe(absent),
                absent.command());
    }

    private Finding finding(GitUnreadableException e) {
        return new Finding(
                Finding.Code.GIT_UNREADABLE,
                "What git holds can't be read, so it is not known what is committed.",
                layout.root() + " (" + e.getMessage() + ")",
                "look at what git fsck says; repositories with sha256 and partial clones without trees can't be read");
    }
}
