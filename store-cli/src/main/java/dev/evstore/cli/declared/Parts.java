package dev.evstore.cli.declared;

import dev.evstore.cli.Trouble;
import dev.evstore.core.id.Names;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes parts of a declaration for what they are to be, and refuses them with their line otherwise. */
final class Parts {

    private final String file;

    Parts(String file) {
        this.file = file;
    }

    /** @param known the keys it may have, or null for any */
    Map<String, Node> members(Node node, String place, @Nullable Set<String> known) {
        if (!(node instanceof Node.Members mapping)) {
            throw trouble(node, place + " is a mapping: lines of key: value", Declarations.HELP);
        }
        if (known != null) {
            mapping.members().forEach((key, value) -> {
                if (!known.contains(key)) {
                    throw trouble(value, place + " knows no " + Names.quoted(key), "it knows " + new TreeSet<>(known));
                }
            });
        }
        return mapping.members();
    }

    Node needed(Map<String, Node> members, String key, Node of, String place) {
        Node node = members.get(key);
        if (node == null) {
            throw trouble(of, place + " has no " + key, "write " + key + ":; " + Declarations.HELP);
        }
        return node;
    }

    List<Node> items(Node node, String place, int most) {
        if (!(node instanceof Node.Items list)) {
            throw trouble(node, place + " is a list: lines that begin with -", Declarations.HELP);
        }
        int size = list.items().size();
        if (size == 0 || size > most) {
            throw trouble(node, place + " has 1 to " + most + " entries, not " + size, Declarations.HELP);
        }
        return list.items();
    }

    String text(Node node, String place) {
        if (!(node instanceof Node.Text text)) {
            throw trouble(node, place + " is a text", "write one, if need be in quotes");
        }
        return text.text();
    }

    /** One text, or a list of them. */
    SortedSet<String> texts(Node node, String place) {
        SortedSet<String> texts = new TreeSet<>();
        if (node instanceof Node.Items) {
            items(node, place, DeclarationReader.MOST_PARTS).forEach(one -> texts.add(text(one, place)));
        } else {
            texts.add(text(node, place));
        }
        return texts;
    }

    int number(Node node, String place, int least, int most) {
        String text = node.json();
        int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        if (number < least || number > most) {
            throw trouble(node, place + " is a whole number, " + least + " to " + most, "choose one");
        }
        return number;
    }

    /** What is made of a part; that it can't be made is the fault of whoever wrote it. */
    <T> T told(Node node, String place, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw trouble(node, place + ": " + e.getMessage(), Declarations.HELP);
        }
    }

    Trouble trouble(Node node, String why, String remedy) {
        return Declarations.unusable(
                "A declared projection can't be used.", file + ", line " + node.line() + ": " + why, remedy);
    }
}
