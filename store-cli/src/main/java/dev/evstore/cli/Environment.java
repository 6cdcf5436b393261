package dev.evstore.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * The world a command runs in, so that tests can give another.
 *
 * @param outTerminal whether {@code out} is a terminal
 * @param errTerminal whether {@code err} is a terminal
 * @param variables the environment variables
 * @param pause waits before a follower looks again
 */
public record Environment(
        InputStream in,
        OutputStream out,
        OutputStream err,
        boolean outTerminal,
        boolean errTerminal,
        Map<String, String> variables,
        Stores stores,
        Pause pause) {

    /** Of a terminal that does not say. */
    private static final int USUAL_COLUMNS = 80;

    public Environment {
        variables = Map.copyOf(variables);
    }

    /** Waits a little. */
    public interface Pause {
        /**
         * @throws InterruptedException the user wants to end
         */
        void pause() throws InterruptedException;
    }

    /** How many columns the terminal has that {@code out} is; 0 if it is none. */
    public int columns() {
        String columns = variables.getOrDefault("COLUMNS", "");
        return !outTerminal ? 0 : columns.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(columns) : USUAL_COLUMNS;
    }

    /** Whether colours may be written to {@code out}. */
    public boolean colours() {
        return outTerminal && variables.getOrDefault("NO_COLOR", "").isEmpty();
    }
}
