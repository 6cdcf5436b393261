package dev.evstore.fs.git;

import dev.evstore.core.GitRefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.eclipse.jgit.errors.MissingObjectException;
import org.jspecify.annotations.Nullable;

/** How the classes of this package refuse. */
final class Refusals {

    private static final int MOST_TOLD = 1_000;

    /** What systems and git say when a disk is full. */
    static final List<String> ROOM =
            List.of("no space left", "disk quota", "out of diskspace", "not enough space", "unable to write file");

    private Refusals() {}

    static GitRefusedException refusal(String what, Object where, String remedy) {
        return refusal(what, where, remedy, null);
    }

    static GitRefusedException refusal(String what, Object where, String remedy, @Nullable Throwable cause) {
        return new GitRefusedException(what, String.valueOf(where), remedy, cause);
    }

    /** Git's own files can't be read or written. */
    static GitRefusedException unusable(Object where, Exception cause) {
        String said = String.valueOf(cause.getMessage());
        if (isForRoom(said)) {
            return refusal(
                    "There is no room left on the disk for what git has to hold; no event is lost.",
                    where + " (" + said + ")",
                    "make room there, then repeat",
                    cause);
        }
        return refusal(
                "Git's repository can't be used.",
                where + " (" + said + ")",
                "look at what git status and git fsck say there, and at the permissions and the free space",
                cause);
    }

    /** A question to JGit whose failure means that the repository can't be used. */
    static <T> T asking(Object where, Unobtrusive.Question<T> question) {
        try {
            return Unobtrusive.asking(question);
        } catch (GitRefusedException e) {
            throw e;
        } catch (MissingObjectException e) {
            throw refusal(
                    "An object that git has promised is not here.",
                    where + " (" + e.getMessage() + ")",
                    "git rev-list --objects HEAD > /dev/null fetches it in a partial clone; else see git fsck",
                    e);
        } catch (IOException | RuntimeException e) { // JGit tells of damage in many ways, unchecked ones among them
            throw unusable(where, e);
        }
    }

    /** Whether a system, or git, says that a disk is full. */
    static boolean isForRoom(String said) {
        String text = said.toLowerCase(Locale.ROOT);
        return ROOM.stream().anyMatch(text::contains);
    }

    static String shortened(String said) {
        return said.length() > MOST_TOLD ? said.substring(0, MOST_TOLD) + " …" : said;
    }
}
