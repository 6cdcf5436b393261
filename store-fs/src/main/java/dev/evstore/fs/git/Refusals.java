package dev.evstore.fs.git;

import dev.evstore.core.GitRefusedException;
import java.io.IOException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.jspecify.annotations.Nullable;

/** How the classes of this package refuse. */
final class Refusals {

    private static final int MOST_TOLD = 1_000;

    private Refusals() {}

    static GitRefusedException refusal(String what, Object where, String remedy) {
        return refusal(what, where, remedy, null);
    }

    static GitRefusedException refusal(String what, Object where, String remedy, @Nullable Throwable cause) {
        return new GitRefusedException(what, String.valueOf(where), remedy, cause);
    }

    /** Git's own files can't be read or written. */
    static GitRefusedException unusable(Object where, Exception cause) {
        return refusal(
                "Git's repository can't be used.",
                where + " (" + cause.getMessage() + ")",
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

    static String shortened(String said) {
        return said.length() > MOST_TOLD ? said.substring(0, MOST_TOLD) + " …" : said;
    }
}
