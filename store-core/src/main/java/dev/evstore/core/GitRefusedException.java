package dev.evstore.core;

import org.jspecify.annotations.Nullable;

/**
 * Git refused, or the repository is in a state in which nothing may be written to it: a person is needed. Nothing was
 * lost, and nothing of the user's was changed.
 */
public final class GitRefusedException extends StoreException {

    private static final long serialVersionUID = 1L;

    /**
     * @param what why nothing was written, in a sentence that is the same for all cases of this kind
     * @param where the repository, file, branch or command it is about
     * @param remedy the way out
     */
    public GitRefusedException(String what, String where, String remedy, @Nullable Throwable cause) {
        super(what, where, remedy, cause);
    }
}
