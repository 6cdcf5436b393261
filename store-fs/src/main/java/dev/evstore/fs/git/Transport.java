package dev.evstore.fs.git;

import java.io.IOException;

/** Exchanges commits with a remote. */
interface Transport {

    /** How a push ended. */
    enum Pushed {
        DONE,
        /** The remote has what is not here, or somebody else is pushing at this moment. */
        BEHIND
    }

    /**
     * Makes {@code tracking} what the remote's branch is now.
     *
     * @return false if the remote has no such branch
     * @throws dev.evstore.core.GitRefusedException it can't be reached, or refuses
     * @throws java.io.InterruptedIOException the thread was interrupted
     */
    boolean fetch(String remote, String branch, String tracking) throws IOException;

    /**
     * Moves the remote's branch forward, or makes it.
     *
     * @throws dev.evstore.core.GitRefusedException it can't be reached, or refuses for another reason than being ahead
     * @throws java.io.InterruptedIOException the thread was interrupted
     */
    Pushed push(String remote, String branch, String tracking, String commit) throws IOException;
}
