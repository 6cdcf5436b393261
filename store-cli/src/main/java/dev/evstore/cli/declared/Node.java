package dev.evstore.cli.declared;

import dev.evstore.cli.input.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A part of a declaration, and where it stands. */
sealed interface Node {

    /** The line it begins on, from 1. */
    int line();

    /** The JSON text of what it says. */
    String json();

    record Text(int line, String text) implements Node {
        @Override
        public String json() {
            return JsonText.string(text);
        }
    }

    /** A number, {@code true}, {@code false} or {@code null}. */
    record Literal(int line, String json) implements Node {}

    record Items(int line, List<Node> items) implements Node {
        @Override
        public String json() {
            return items.stream().map(Node::json).collect(Collectors.joining(",", "[", "]"));
        }
    }

    /** @param members in the order of the file */
    record Members(int line, Map<String, Node> members) implements Node {
        @Override
        public String json() {
            Map<String, String> values = new LinkedHashMap<>();
            members.forEach((key, value) -> values.put(key, value.json()));
            return JsonText.object(values);
        }
    }
}
