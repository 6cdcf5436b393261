package dev.evstore.cli.declared;

import dev.evstore.core.id.Names;
import dev.evstore.core.projection.ProjectedEvent;
import dev.evstore.core.projection.UnfoldableEventException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event does to a field. A fold never looks at anything else, so that rows are equal wherever the events are. An
 * event that does not have what a fold takes leaves the field as it is; one that has something of a wrong kind fails.
 */
sealed interface Fold {

    /** What the field holds before any event. */
    Cell initial();

    /**
     * @throws UnfoldableEventException it is of a kind that can't be folded
     */
    Cell apply(Cell present, ProjectedEvent event);

    /** As it is declared, in one form: another text, another fold. */
    String text();

    /** The value, as the last event that has it says. */
    record Set(Source source) implements Fold {
        @Override
        public Cell initial() {
            return Cell.NULL;
        }

        @Override
        public Cell apply(Cell present, ProjectedEvent event) {
            String json = source.json(event);
            return json == null ? present : Cell.of(json);
        }

        @Override
        public String text() {
            return "set " + source.text();
        }
    }

    /** A value that the declaration says. */
    record Constant(String json) implements Fold {
        @Override
        public Cell initial() {
            return Cell.NULL;
        }

        @Override
        public Cell apply(Cell present, ProjectedEvent event) {
            return Cell.of(json);
        }

        @Override
        public String text() {
            return "value " + json;
        }
    }

    /** How many events there were. */
    record Count() implements Fold {
        @Override
        public Cell initial() {
            return new Cell.One("0");
        }

        @Override
        public Cell apply(Cell present, ProjectedEvent event) {
            return new Cell.One(Values.text(numberIn(present).add(BigDecimal.ONE)));
        }

        @Override
        public String text() {
            return "count";
        }
    }

    /**
     * Numbers added up, to the last digit.
     *
     * @param subtracted whether they are taken away instead
     */
    record Sum(Source source, boolean subtracted) implements Fold {
        @Override
        public Cell initial() {
            return new Cell.One("0");
        }

        @Override
        public Cell apply(Cell present, ProjectedEvent event) {
            String json = source.json(event);
            if (json == null || json.equals("null")) {
                return present;
            }
            BigDecimal number = Values.number(json);
            if (number == null) {
                throw new UnfoldableEventException("what is added up is no number");
            }
            return new Cell.One(Values.text(numberIn(present).add(subtracted ? number.negate() : number)));
        }

        @Override
        public String text() {
            return (subtracted ? "subtract " : "sum ") + source.text();
        }
    }

    /** The least or the greatest: of numbers by their size, of texts by their code points. */
    record Extreme(Source source, boolean greatest) implements Fold {
        @Override
        public Cell initial() {
            return Cell.NULL;
        }

        @Override
        public Cell apply(Cell present, ProjectedEvent event) {
            String json = source.json(event);
            if (json == null || json.equals("null")) {
                return present;
            }
            BigDecimal number = Values.number(json);
            String said = number == null ? json : Values.text(number);
            if (number == null && Values.string(json) == null) {
                throw new UnfoldableEventException("what is compared is neither number nor text");
            }
            if (present.equals(Cell.NULL)) {
                return new Cell.One(said);
            }
            int order = compare(said, present.json());
            return (greatest ? order > 0 : order < 0) ? new Cell.One(said) : present;
        }

        private static int compare(String a, String b) {
            BigDecimal x = Values.number(a);
            BigDecimal y = Values.number(b);
            if (x != null && y != null) {
                return x.compareTo(y);
            }
            String s = Values.string(a);
            String t = Values.string(b);
            if (s != null && t != null) {
                return Names.compareUtf8(s, t);
            }
            throw new UnfoldableEventException("a number and a text can't be compared");
        }

        @Override
        public String text() {
            return (greatest ? "max " : "min ") + source.text();
        }
    }

    /**
     * Values in a list.
     *
     * @param limit how many the list holds
     * @param newest whether the oldest makes room when the list is full; else the list stays as it is
     */
    record Listed(Source source, int limit, boolean newest) implements Fold {
        @Override
        public Cell initial() {
            return new Cell.Many(List.of());
        }

        @Override
        public Cell apply(Cell present, ProjectedEvent event) {
            String json = source.json(event);
            if (json == null) {
                return present;
            }
            if (!(present instanceof Cell.Many list)) {
                throw new UnfoldableEventException("the field holds no list");
            }
            if (list.elements().size() < limit) {
                return list.and(json);
            }
            return newest ? list.withoutFirst().and(json) : list;
        }

        @Override
        public String text() {
            return (newest ? "last " : "append ") + source.text() + " limit " + limit;
        }
    }

    private static BigDecimal numberIn(Cell cell) {
        @Nullable BigDecimal number = Values.number(cell.json());
        if (number == null) {
            throw new UnfoldableEventException("the field holds no number");
        }
        return number;
    }
}
