package dev.evstore.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of every command, good before and after its name. */
public final class GlobalOptions {

    @Option(
            names = "-C",
            paramLabel = "DIR",
            defaultValue = ".",
            scope = ScopeType.INHERIT,
            description = "The store's directory (default: the current one).")
    private Path directory;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "JSON lines on stdout and nothing else; errors as JSON on stderr.")
    private boolean json;

    @Option(names = "--no-progress", scope = ScopeType.INHERIT, description = "No progress on a terminal.")
    private boolean noProgress;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No remarks and no progress; data and errors.")
    private boolean quiet;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Stack traces with errors.")
    private boolean debug;

    public Path directory() {
        return directory;
    }

    public boolean json() {
        return json;
    }

    public boolean quiet() {
        return quiet;
    }

    boolean debug() {
        return debug;
    }

    boolean progress() {
        return !noProgress && !quiet;
    }
}
