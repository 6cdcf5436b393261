package dev.evstore.fs.git;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.util.SystemReader;

/**
 * Keeps JGit from what it does beside reading a repository: left alone, it starts the git program to find the machine's
 * configuration, and measures for seconds how finely the file system tells times, with files of its own in {@code .git},
 * to note that down in the user's home. Nothing asked here depends on either. For others in this JVM, JGit reads
 * the user's configuration as ever, but takes times for as coarse as they may be anywhere: it looks that up on threads of
 * the common pool, which don't tell who asked.
 */
final class Unobtrusive extends SystemReader.Delegate {

    private static final ThreadLocal<Boolean> ASKING = new ThreadLocal<>();

    /** Where JGit looks up, or else measures, how finely times are told. */
    private static final String TIMES = "org.eclipse.jgit.util.FS$FileStoreAttributes";

    private Unobtrusive(SystemReader before) {
        super(before);
    }

    /** What is asked of JGit. */
    interface Question<T> {
        T ask() throws IOException;
    }

    /** Asks; JGit does no more than answer. */
    static <T> T asking(Question<T> question) throws IOException {
        install();
        Boolean before = ASKING.get();
        ASKING.set(true);
        try {
            return question.ask();
        } finally {
            if (before == null) {
                ASKING.remove();
            }
        }
    }

    private static synchronized void install() {
        if (!(SystemReader.getInstance() instanceof Unobtrusive)) {
            SystemReader.setInstance(new Unobtrusive(SystemReader.getInstance()));
        }
    }

    @Override
    public StoredConfig getUserConfig() throws ConfigInvalidException, IOException {
        return ASKING.get() == null && !isAboutTimes() ? super.getUserConfig() : new Nothing();
    }

    private static boolean isAboutTimes() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().startsWith(TIMES)));
    }

    /** No configuration at all, but that times are told as coarsely as anywhere, and that what is written is synced. */
    private static final class Nothing extends StoredConfig {

        Nothing() {
            setBoolean("core", null, "fsyncObjectFiles", true);
            setBoolean("core", null, "fsyncRefFiles", true);
        }

        @Override
        public long getTimeUnit(String section, String subsection, String name, long otherwise, TimeUnit unit) {
            return name.equals("timestampResolution") ? unit.convert(2, TimeUnit.SECONDS) : otherwise;
        }

        @Override
        public void load() {
            // there is nothing to load
        }

        @Override
        public void save() {
            // and nothing is ever saved
        }
    }
}
