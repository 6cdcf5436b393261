package dev.evstore.cli.declared;

import java.util.ArrayList;
import java.util.List;

/** What a field of a row holds. Immutable. */
sealed interface Cell {

    Cell NULL = new One("null");

    /** Its JSON text. */
    String json();

    /** About how long the text is. */
    int size();

    static Cell of(String json) {
        List<String> elements = Values.elements(json);
        return elements == null ? new One(json) : new Many(List.copyOf(elements));
    }

    record One(String json) implements Cell {
        @Override
        public int size() {
            return json.length();
        }
    }

    /** An array, by its elements' texts. */
    record Many(List<String> elements) implements Cell {
        @Override
        public String json() {
            return "[" + String.join(",", elements) + "]";
        }

        @Override
        public int size() {
            return elements.stream().mapToInt(String::length).sum() + elements.size();
        }

        /** With one more at the end. */
        Many and(String element) {
            List<String> more = new ArrayList<>(elements);
            more.add(element);
            return new Many(List.copyOf(more));
        }

        Many withoutFirst() {
            return new Many(List.copyOf(elements.subList(1, elements.size())));
        }
    }
}
