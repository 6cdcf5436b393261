package dev.evstore.cli.declared;

import dev.evstore.core.event.EventType;
import dev.evstore.core.id.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is declared of one field: a rule, or a list of rules. */
final class FieldReader {

    static final int MOST_LISTED = 1_000;

    private static final Set<String> FOLDS =
            Set.of("set", "value", "count", "sum", "subtract", "min", "max", "append", "last");

    private static final Set<String> KEYS = union(FOLDS, "on", "limit");

    private final Parts parts;
    private final String field;

    FieldReader(Parts parts, String field) {
        this.parts = parts;
        this.field = field;
    }

    Field read(Node node) {
        if (!field.matches("[A-Za-z0-9_.-]{1,100}")) {
            throw parts.trouble(
                    node, Names.quoted(field) + " is no field's name", "it has 1 to 100 of a-z A-Z 0-9 . _ -");
        }
        List<Node> nodes = node instanceof Node.Items items
                ? parts.items(items, field, DeclarationReader.MOST_PARTS)
                : List.of(node);
        List<Rule> rules = new ArrayList<>();
        SortedSet<String> named = new TreeSet<>();
        for (Node one : nodes) {
            Rule rule = rule(one);
            rule.on().stream().filter(type -> !named.add(type)).findFirst().ifPresent(type -> {
                throw parts.trouble(one, field + ": two rules are for " + Names.quoted(type), "keep one of them");
            });
            rules.add(rule);
        }
        return new Field(field, rules);
    }

    private Rule rule(Node node) {
        Map<String, Node> members = parts.members(node, field, KEYS);
        Node on = parts.needed(members, "on", node, field);
        SortedSet<String> types = parts.texts(on, field + ": on");
        if (types.contains(Rule.EVERY) && types.size() > 1) {
            throw parts.trouble(on, field + ": " + Rule.EVERY + " is for every other type", "let it stand alone");
        }
        types.forEach(type -> parts.told(on, field + ": on", () -> EventType.of(type)));
        Map<String, Node> folds = new LinkedHashMap<>(members);
        folds.keySet().retainAll(FOLDS);
        if (folds.size() != 1) {
            throw parts.trouble(
                    node, field + ": a rule has one of " + new TreeSet<>(FOLDS), "write one; more events, more rules");
        }
        Map.Entry<String, Node> fold = folds.entrySet().iterator().next();
        return new Rule(types, fold(fold.getKey(), fold.getValue(), members.get("limit"), node));
    }

    private Fold fold(String name, Node what, @Nullable Node limit, Node rule) {
        boolean listed = name.equals("append") || name.equals("last");
        if (listed != (limit != null)) {
            throw parts.trouble(
                    rule,
                    field + (listed ? ": " + name + " needs a limit" : ": only append and last have a limit"),
                    listed ? "say how many it holds, as limit: 100" : "take it out");
        }
        return switch (name) {
            case "value" -> new Fold.Constant(what.json());
            case "count" -> {
                if (!what.json().equals("true")) {
                    throw parts.trouble(what, field + ": count is true", "write count: true");
                }
                yield new Fold.Count();
            }
            case "set" -> new Fold.Set(source(what, name));
            case "sum", "subtract" -> new Fold.Sum(source(what, name), name.equals("subtract"));
            case "min", "max" -> new Fold.Extreme(source(what, name), name.equals("max"));
            default ->
                new Fold.Listed(
                        source(what, name),
                        parts.number(Objects.requireNonNull(limit), field + ": limit", 1, MOST_LISTED),
                        name.equals("last"));
        };
    }

    private Source source(Node node, String fold) {
        String place = field + ": " + fold;
        String text = parts.text(node, place);
        return parts.told(node, place, () -> Source.of(text));
    }

    private static Set<String> union(Set<String> some, String... others) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(List.of(others));
        return all;
    }
}
