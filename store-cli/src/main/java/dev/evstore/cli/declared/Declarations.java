package dev.evstore.cli.declared;

import dev.evstore.cli.Problem;
import dev.evstore.cli.Trouble;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.projection.Projection;
import java.nio.file.Path;
import java.util.List;

/** The projections that the file {@code projections.yaml} beside a store's events declares. Immutable. */
public final class Declarations {

    /** Where the language is described. */
    static final String HELP = "see evstore projection --help";

    private final List<Projection<?>> projections;

    private Declarations(List<Declaration> declared) {
        projections =
                declared.stream().<Projection<?>>map(Declaration::projection).toList();
    }

    /**
     * What is declared for a store; nothing if there is no file.
     *
     * @param store the store's directory
     * @throws Trouble the file can't be used
     */
    public static Declarations of(Path store) {
        return DeclarationFile.find(store)
                .map(file -> new Declarations(DeclarationReader.read(file.name(), file.text())))
                .orElseGet(() -> new Declarations(List.of()));
    }

    /** In the order of the file. */
    public List<Projection<?>> projections() {
        return projections;
    }

    /** Whether one of that name is declared. */
    public boolean has(String name) {
        return projections.stream().anyMatch(projection -> projection.name().equals(name));
    }

    public List<String> names() {
        return projections.stream().map(Projection::name).toList();
    }

    /** How the rows of declared projections become text. No event is decoded with it. */
    public static EventCodec<?> codec() {
        return EventCodec.of(RowState.class, new RowPayloads())
                .type("row", RowState.class)
                .build();
    }

    static Trouble unusable(String what, String where, String remedy) {
        return new Trouble(Problem.usage(what, where, remedy));
    }
}
