package dev.evstore.fs.layout;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where the user's programs keep what belongs to no store, by the conventions of the system. */
public final class UserDirectories {

    private static final String NAME = "evstore";

    private UserDirectories() {}

    /** What they remember. */
    public static Path state(Map<String, String> environment) {
        return base(environment, "XDG_STATE_HOME", Path.of(".local", "state"), Path.of(".local", "state"));
    }

    /** What they can make again. */
    public static Path cache(Map<String, String> environment) {
        return base(environment, "XDG_CACHE_HOME", Path.of(".cache"), Path.of("Library", "Caches"));
    }

    private static Path base(Map<String, String> environment, String variable, Path below, Path belowOnMac) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String set = environment.get(system.startsWith("windows") ? "LOCALAPPDATA" : variable);
        if (set != null && !set.isEmpty()) {
            return Path.of(set).resolve(NAME);
        }
        Path home = Path.of(System.getProperty("user.home", "."));
        return home.resolve(system.startsWith("mac") ? belowOnMac : below).resolve(NAME);
    }
}
