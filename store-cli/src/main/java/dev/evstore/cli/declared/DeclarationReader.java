package dev.evstore.cli.declared;

import dev.evstore.cli.Trouble;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Projection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a file declares, checked part by part; each refusal names the line. */
final class DeclarationReader {

    static final int MOST_PROJECTIONS = 100;

    /** Fields of a projection, rules of a field, types of a rule. */
    static final int MOST_PARTS = 100;

    private static final Set<String> KEYS =
            Set.of("name", "key", "streams", "types", "tags", "errors", "remove", "fields");

    private final Parts parts;

    private DeclarationReader(Parts parts) {
        this.parts = parts;
    }

    /**
     * All declarations of a file.
     *
     * @throws Trouble it holds something else
     */
    static List<Declaration> read(String file, String text) {
        Parts parts = new Parts(file);
        return new DeclarationReader(parts).all(NodeReader.read(file, text));
    }

    private List<Declaration> all(Node root) {
        Map<String, Node> members = parts.members(root, "the file", Set.of("projections"));
        Node listed = parts.needed(members, "projections", root, "the file");
        List<Declaration> declared = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Node node : parts.items(listed, "projections", MOST_PROJECTIONS)) {
            Declaration declaration = one(node);
            if (!names.add(declaration.name().toLowerCase(Locale.ROOT))) {
                throw parts.trouble(
                        node, declaration.name() + " is declared twice (or in other letter case)", "rename one");
            }
            declared.add(declaration);
        }
        return declared;
    }

    private Declaration one(Node node) {
        Map<String, Node> members = parts.members(node, "a projection", KEYS);
        Node named = parts.needed(members, "name", node, "a projection");
        String name = parts.text(named, "name");
        parts.told(named, "name", () -> Projection.named(name));
        Node key = parts.needed(members, "key", node, name);
        SortedSet<String> remove =
                members.containsKey("remove") ? types(members.get("remove"), "remove") : new TreeSet<>();
        List<Field> fields = new ArrayList<>();
        Map<String, Node> declared = parts.members(parts.needed(members, "fields", node, name), "fields", null);
        declared.forEach((field, rules) -> fields.add(new FieldReader(parts, field).read(rules)));
        if (fields.isEmpty() || fields.size() > MOST_PARTS) {
            throw parts.trouble(node, name + " has 1 to " + MOST_PARTS + " fields", "declare them under fields:");
        }
        for (Field field : fields) {
            for (Rule rule : field.rules()) {
                if (!Collections.disjoint(rule.on(), remove)) {
                    throw parts.trouble(
                            node,
                            name + ": a type that removes the row stands under " + field.name() + " too",
                            "take it out there or under remove:");
                }
            }
        }
        Declaration declaration =
                new Declaration(name, key(key), filter(members), fields, remove, errors(members.get("errors")));
        Node types = members.get("types");
        if (types != null && !declaration.takesAny()) {
            throw parts.trouble(
                    types,
                    name + " takes none of the types that types: lets through",
                    "name them in a field's on:, or leave types: out");
        }
        return declaration;
    }

    private @Nullable Source key(Node node) {
        String text = parts.text(node, "key");
        return text.equals("single") ? null : parts.told(node, "key", () -> Source.of(text));
    }

    private EventFilter filter(Map<String, Node> members) {
        Set<EventType> types = members.containsKey("types")
                ? types(members.get("types"), "types").stream()
                        .map(EventType::of)
                        .collect(Collectors.toSet())
                : Set.of();
        Set<String> tags = members.containsKey("tags") ? parts.texts(members.get("tags"), "tags") : Set.of();
        Node streams = members.get("streams");
        if (streams == null) {
            return new EventFilter("", null, types, tags);
        }
        String glob = parts.text(streams, "streams");
        String prefix = glob.endsWith("*") ? glob.substring(0, glob.length() - 1) : "*";
        boolean isPrefix = !prefix.matches("(?s).*[*?\\[].*");
        return isPrefix
                ? new EventFilter(prefix, null, types, tags)
                : parts.told(streams, "streams", () -> new EventFilter("", glob, types, tags));
    }

    private SortedSet<String> types(Node node, String place) {
        SortedSet<String> types = parts.texts(node, place);
        types.forEach(type -> parts.told(node, place, () -> EventType.of(type)));
        return types;
    }

    /** Whoever can push could stop a projection with one event if that were the default. */
    private ErrorPolicy errors(@Nullable Node node) {
        if (node == null) {
            return ErrorPolicy.PARK;
        }
        return switch (parts.text(node, "errors")) {
            case "park" -> ErrorPolicy.PARK;
            case "skip" -> ErrorPolicy.SKIP;
            case "stop" -> ErrorPolicy.STOP;
            default -> throw parts.trouble(node, "errors is one of park, skip, stop", "choose one");
        };
    }
}
