package dev.evstore.fs;

import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.FileClock;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.git.Absent;
import dev.evstore.fs.git.CommittedEvents;
import dev.evstore.fs.git.Content;
import dev.evstore.fs.git.GitUnreadableException;
import dev.evstore.fs.index.IndexReads;
import dev.evstore.fs.index.IndexWrites;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether every event file that git has is in the working tree (rule L3). Who appends without them decides on less than
 * there is. Git is asked only when its index or HEAD has changed, or events have vanished, since it was last found that nothing
 * lacks; that costs an append three looks at a stamp. Then what git has since then and had not before is looked for, and everything
 * only where that does not tell, or something lacks. Called with the store lock held.
 */
final class CheckedOut {

    private final StoreLayout layout;
    private final Disk disk;
    private final GitDirectory git;
    private final GitSteps steps;
    private final IndexReads reads;
    private final IndexWrites writes;
    /** The state of git and of the files in which there is nothing to refuse. */
    private @Nullable String good;
    /** What git held in that state, if it could be told. */
    private @Nullable Told content;

    CheckedOut(StoreLayout layout, Disk disk, GitDirectory git, GitSteps steps, IndexReads reads, IndexWrites writes) {
        this.layout = layout;
        this.disk = disk;
        this.git = git;
        this.steps = steps;
        this.reads = reads;
        this.writes = writes;
    }

    /**
     * What git holds, and with it what had vanished from the working tree.
     *
     * @param retractions {@link IndexReads#retractions}
     */
    private record Told(Content held, String retractions) {

        static @Nullable Told parse(String line) {
            String[] parts = line.split(" ", -1);
            return parts.length == 3 ? new Told(new Content(parts[0], parts[1]), parts[2]) : null;
        }

        String line() {
            return held.events() + " " + held.index() + " " + retractions;
        }
    }

    /**
     * Refuses where event files lack. While git is at work it doesn't: what lacks may come in a moment (P6).
     *
     * @return whether git has changed since this was last asked, so that there may be files to take in
     * @throws StoreUnusableException naming the command that brings them in
     */
    boolean require() throws IOException {
        String state = state();
        if (good == null) {
            remember();
        }
        if (state.equals(good) || gitIsBusy()) {
            return false;
        }
        try (CommittedEvents events = CommittedEvents.open(git, layout)) {
            Told before = told(events.content());
            if (before != null && before.equals(content)) {
                note(state); // git's files are others, and say what they said: or our own commit made them
                return true;
            }
            if (isThereSince(events, before)) {
                found(events, before, state);
                return true;
            }
            Absent absent = absent(events);
            if (absent.files() == 0) {
                found(events, before, state);
            } else if (!mayBeOnItsWay(absent) && isStill(state)) {
                throw refusal(layout, absent);
            }
        } catch (GitUnreadableException e) {
            good = state; // status tells; asking again before something changes would tell no more
        }
        return true;
    }

    /**
     * Whether nothing lacks, as is told by what changed since nothing did: not if anything has vanished since, or may have, as
     * where the index of the store is not what a look at the files would make of it.
     */
    private boolean isThereSince(CommittedEvents events, @Nullable Told now) throws IOException {
        Told then = content;
        return then != null
                && now != null
                && then.retractions().equals(now.retractions())
                && writes.isQuiet()
                && events.isThere(then.held(), now.held(), new Listing(layout.events())::has);
    }

    private void found(CommittedEvents events, @Nullable Told before, String state) throws IOException {
        content = before != null && before.equals(told(events.content())) ? before : null;
        note(state);
    }

    /**
     * What git has and the working tree lacks; null while git is at work.
     *
     * @param state as it was before {@code events} were opened
     */
    @Nullable
    Absent ask(CommittedEvents events, String state) throws IOException {
        Absent absent = absent(events);
        return isStill(state) ? absent : null;
    }

    /** Whether git did nothing since: what it does between the looks at HEAD, files and index seems to be missing. */
    private boolean isStill(String state) throws IOException {
        return !gitIsBusy() && state.equals(state());
    }

    private Absent absent(CommittedEvents events) throws IOException {
        return events.absent(new Listing(layout.events())::has);
    }

    /** Changes with every step of git that brings or takes files. */
    String state() throws IOException {
        StringBuilder state = new StringBuilder();
        for (Path file : new Path[] {git.index(), git.head(), git.headLog()}) {
            Stamp stamp = Stamp.of(file);
            state.append(stamp == null ? "-" : stamp.encoded()).append('\n');
        }
        return state.append(reads.retractions()).append('\n').toString();
    }

    /** A commit of ours: where nothing lacked before it, nothing does since, for its files are in the working tree. */
    void committed(Content.Change change) throws IOException {
        Told from = told(change.from());
        if (good != null && from != null && from.equals(content)) {
            content = told(change.to());
            note(good);
        }
    }

    private @Nullable Told told(@Nullable Content held) throws IOException {
        return held == null ? null : new Told(held, reads.retractions());
    }

    private void note(String state) throws IOException {
        String text = state + (content == null ? "-" : content.line()) + "\n";
        disk.replace(layout.temporary(), layout.checkedOut(), text.getBytes(StandardCharsets.UTF_8));
        good = state;
    }

    /** What an earlier process found. */
    private void remember() throws IOException {
        try {
            String text = Files.readString(layout.checkedOut(), StandardCharsets.ISO_8859_1);
            int last = text.lastIndexOf('\n', text.length() - 2) + 1;
            good = text.substring(0, last);
            content = Told.parse(text.substring(last).strip());
        } catch (NoSuchFileException e) {
            good = null;
        }
    }

    private boolean gitIsBusy() {
        return steps.underWay() || Files.exists(git.indexLock());
    }

    /** A checkout writes the working tree, then the index, then HEAD: in between HEAD has what the others lack. */
    private boolean mayBeOnItsWay(Absent absent) throws IOException {
        Stamp index = Stamp.of(git.index());
        return absent.staged() == 0 && index != null && !index.settledAt(new FileClock(layout).now());
    }

    private static StoreUnusableException refusal(StoreLayout layout, Absent absent) {
        return new StoreUnusableException(
                "Event files that git has are not in the working tree.",
                layout.root() + ": " + describe(absent),
                absent.command() + " in that directory; until then nothing is appended",
                null);
    }

    static String describe(Absent absent) {
        return absent.files() == 1
                ? absent.first() + " is missing"
                : absent.files() + " files are missing, the first is " + absent.first();
    }

    /**
     * Where there is no {@code events/}: refuses with the command that brings it in, if git has one.
     *
     * @throws StoreUnusableException git has event files of this store
     */
    static void refuseWhatGitHas(StoreLayout layout) throws IOException {
        GitDirectory git = GitDirectory.of(layout.root());
        if (git == null) {
            return;
        }
        try (CommittedEvents events = CommittedEvents.open(git, layout)) {
            Absent absent = events.absent(path -> false);
            if (absent.files() > 0) {
                throw refusal(layout, absent);
            }
        } catch (GitUnreadableException e) {
            return; // then there is no store here, as far as anybody can tell
        }
    }

    /** The working tree's files, each directory listed once. */
    private static final class Listing {

        private final Path events;
        private final Map<String, @Nullable Set<String>> names = new HashMap<>();

        Listing(Path events) {
            this.events = events;
        }

        boolean has(String path) throws IOException {
            int slash = path.lastIndexOf('/');
            String directory = slash < 0 ? "" : path.substring(0, slash);
            if (!names.containsKey(directory)) {
                names.put(directory, list(events.resolve(directory)));
            }
            Set<String> known = names.get(directory);
            return known == null || known.contains(path.substring(slash + 1));
        }

        /** Null if nobody may know what is in it. */
        private static @Nullable Set<String> list(Path directory) throws IOException {
            Set<String> found = new HashSet<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                entries.forEach(entry -> found.add(entry.getFileName().toString()));
            } catch (NoSuchFileException | NotDirectoryException e) {
                return found;
            } catch (AccessDeniedException e) {
                return null;
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return found;
        }
    }
}
