package dev.evstore.fs.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.util.StringUtils;

/** Whether a branch may merely follow one that is ahead: git's {@code merge.ff}, read as git reads it. */
enum FastForward {
    /** Where it can. */
    ALLOWED,
    /** A merge commit is made even then. */
    NEVER,
    /** Nothing else is allowed. */
    ONLY;

    static FastForward of(Config settings) {
        String value = settings.getString("merge", null, "ff");
        if (value == null) {
            return ALLOWED;
        }
        if (value.equals("only")) {
            return ONLY;
        }
        return value.isEmpty() || Boolean.FALSE.equals(StringUtils.toBooleanOrNull(value)) ? NEVER : ALLOWED;
    }
}
