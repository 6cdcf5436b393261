package dev.evstore.core;

/**
 * Something odd that the store works on in spite of. Immutable.
 *
 * @param code what kind
 * @param what what is wrong, in a sentence
 * @param where the file and line, transaction or stream
 * @param remedy what to do about it
 */
public record Finding(Code code, String what, String where, String remedy) {

    /** The kinds of findings. Their names are part of the command line's JSON. */
    public enum Code {
        /** Lines that are no valid transaction of any format. */
        INVALID,
        /** A file that can't be read, is too large, or is no regular file. */
        UNREADABLE,
        /** Something that is no directory has the name of the month's directory; another one is written to. */
        NAME_TAKEN,
        /** Rules for git below {@code events/} that are not evstore's: git may change or leave out event files. */
        RULES_CHANGED,
        /** A transaction of a newer format: ordered, but opaque. */
        NEWER_FORMAT,
        /** One id with different contents; the smaller trailer counts (rule I5). */
        VARIANT,
        /** A transaction was written by someone who had seen another variant of its parent (rule I5). */
        PARENT_MISMATCH,
        /** An id so far ahead of this machine's clock that it is not followed (rule I6). */
        FAR_FUTURE,
        /** A replica's clock is more than an hour ahead; it is followed (rule I6). */
        CLOCK_AHEAD,
        /** A head is named of a stream that the named transaction does not write, or freely (rule F1). */
        NAMES_NO_HEAD,
        /** One command stands in several transactions; the canonically first counts (rule A6). */
        COMMAND_TWICE,
        /** The local directory was gone or not this working copy's own; a new one was made, with a new replica id. */
        LOCAL_RENEWED,
        /** The local index was damaged and was built again: cursors from before are stale. */
        INDEX_REBUILT,
        /** A file no longer holds what was taken in from it. */
        FILE_CHANGED,
        /** The local index does not say what the files say. */
        INDEX_WRONG,
        /** An event file that was written here is gone, and no commit holds it; it can be restored (rule L2). */
        UNCOMMITTED_LOST,
        /** Event files that git has are not in the working tree, so nothing is appended (rule L3). */
        NOT_CHECKED_OUT,
        /** A merge brought event files to where no store is: a directory above the store was renamed on one side. */
        EVENTS_ELSEWHERE,
        /** Git's files can't be read, so it is not known what is committed. */
        GIT_UNREADABLE
    }
}
