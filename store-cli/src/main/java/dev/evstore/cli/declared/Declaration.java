package dev.evstore.cli.declared;

import dev.evstore.cli.input.JsonText;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.ProjectedEvent;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionBuilder;
import dev.evstore.core.projection.ProjectionStart;
import dev.evstore.core.projection.UnfoldableEventException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A projection as it is declared. Immutable.
 *
 * @param key what of an event names its row, or null for the one row of all
 * @param filter the events that come into question
 * @param fields in the order of the file
 * @param remove the types of events that end a row
 * @param errors what becomes of an event that can't be folded
 */
record Declaration(
        String name,
        @Nullable Source key,
        EventFilter filter,
        List<Field> fields,
        SortedSet<String> remove,
        ErrorPolicy errors) {

    /** Counts the meanings that this language has had: another number makes every row anew. */
    private static final int LANGUAGE = 1;

    Projection<RowState> projection() {
        Map<String, Cell> first = new TreeMap<>();
        fields.forEach(field -> first.put(field.name(), field.initial()));
        RowState initial = RowState.of(first);
        ProjectionBuilder<RowState> projection = rows(Projection.named(name)
                        .version(LANGUAGE)
                        .definition(definition()))
                .initially(RowState.class, () -> initial)
                .filter(filter)
                .onError(errors);
        for (String type : types()) {
            projection.onType(type, (row, event) -> remove.contains(type) ? null : fold(row, event));
        }
        if (takesEvery()) {
            projection.onEvery(this::fold);
        }
        return projection.build();
    }

    private boolean takesEvery() {
        return fields.stream()
                .flatMap(field -> field.rules().stream())
                .anyMatch(rule -> rule.on().contains(Rule.EVERY));
    }

    /** Whether there are types that the filter lets through and that do something. */
    boolean takesAny() {
        return takesEvery()
                || filter.types().isEmpty()
                || filter.types().stream().anyMatch(type -> types().contains(type.value()));
    }

    private ProjectionStart rows(ProjectionStart start) {
        Source of = key;
        if (of == null) {
            return start.single();
        }
        return of.equals(new Source.Beside("stream")) ? start.perStream() : start.keyedBy(of::key);
    }

    /** The types that are named. */
    private SortedSet<String> types() {
        SortedSet<String> types = new TreeSet<>(remove);
        fields.forEach(field -> field.rules().forEach(rule -> types.addAll(rule.on())));
        types.remove(Rule.EVERY);
        return types;
    }

    private RowState fold(RowState row, ProjectedEvent event) {
        Map<String, Cell> cells = new HashMap<>(row.cells());
        for (Field field : fields) {
            field.foldOn(event.type().value())
                    .ifPresent(fold -> cells.put(field.name(), fold.apply(row.cell(field.name()), event)));
        }
        RowState next = RowState.of(cells);
        if (next.size() > RowState.MOST_CHARACTERS) {
            throw new UnfoldableEventException("the row would be longer than " + RowState.MOST_CHARACTERS);
        }
        return next;
    }

    /** All that its rows depend on and that is not said to the projection otherwise. */
    private String definition() {
        StringBuilder text = new StringBuilder("key=").append(key == null ? "single" : key.text());
        fields.stream()
                .map(Field::text)
                .sorted()
                .forEach(field -> text.append('\n').append(field));
        return text.append("\nremove=").append(JsonText.strings(remove)).toString();
    }
}
