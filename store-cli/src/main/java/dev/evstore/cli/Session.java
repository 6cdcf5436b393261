package dev.evstore.cli;

import dev.evstore.cli.render.JsonRenderer;
import dev.evstore.cli.render.Renderer;
import dev.evstore.cli.render.TextRenderer;
import dev.evstore.core.EventStore;
import dev.evstore.core.Finding;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.RestoreReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One run of one command: its options, its world, and what it prints with. */
public final class Session {

    private final Environment environment;
    private final GlobalOptions options;
    private final Output output;
    private final Renderer renderer;

    Session(Environment environment, GlobalOptions options, Output output) {
        this.environment = environment;
        this.options = options;
        this.output = output;
        this.renderer =
                options.json() ? new JsonRenderer() : new TextRenderer(environment.colours(), environment.columns());
    }

    /** The store that {@code -C} names. */
    public EventStore open() {
        return open(options.directory());
    }

    public EventStore open(Path directory) {
        EventStore store = environment.stores().open(directory);
        if (store instanceof FileEventStore files) {
            tellNotices(files);
        }
        return store;
    }

    /** The store that {@code -C} names, for what only a store on files can do. */
    public FileEventStore openFiles() {
        FileEventStore store = environment.stores().openFiles(options.directory());
        tellNotices(store);
        return store;
    }

    /** What happened on opening, since nobody may look at the status. */
    private void tellNotices(FileEventStore store) {
        for (Finding notice : store.notices()) {
            remark("evstore: " + notice.what() + " where: " + notice.where() + ". try: " + notice.remedy() + ".");
        }
    }

    /** Makes a store, or opens the one that is there. */
    public EventStore create(Path directory) {
        return environment.stores().create(directory);
    }

    /** Brings back what is lost of the store that {@code -C} names. */
    public RestoreReport restore() {
        return environment.stores().restore(options.directory());
    }

    /** A path as the user gave it, seen from the directory of {@code -C}. */
    public Path resolve(Path path) {
        return options.directory().resolve(path);
    }

    public GlobalOptions options() {
        return options;
    }

    public Environment environment() {
        return environment;
    }

    public InputStream in() {
        return environment.in();
    }

    public Output output() {
        return output;
    }

    public Renderer renderer() {
        return renderer;
    }

    /** Prints a line of result. */
    public void print(String rendered) {
        output.line(rendered);
    }

    /** Says something on standard error that is neither result nor error; not to programs and not to the quiet. */
    public void remark(String text) {
        if (!options.json() && !options.quiet()) {
            error(renderer.plain(text) + "\n");
        }
    }

    /** Whether somebody sits there who can be asked for a password. */
    public boolean mayAsk() {
        return environment.errTerminal();
    }

    /** Whether somebody sits there and watches. */
    public boolean watched() {
        return environment.errTerminal() && options.progress();
    }

    /** Writes to standard error as it is. */
    public void error(String text) {
        writeError(environment.err(), text);
    }

    static void writeError(OutputStream err, String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("standard error can't be written", e);
        }
    }
}
