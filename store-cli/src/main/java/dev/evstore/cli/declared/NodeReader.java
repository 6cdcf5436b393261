package dev.evstore.cli.declared;

import dev.evstore.cli.Trouble;
import dev.evstore.core.id.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * YAML as far as it is JSON written otherwise (JSON is YAML, too): what tags and aliases would make of it is refused, as
 * are keys that stand twice and a second document. The library gives tokens; nothing is built by it, and no alias is
 * followed.
 */
final class NodeReader {

    private static final int DEPTH = 8;

    private static final YAMLFactory YAML = YAMLFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
            .build();

    /** YAML knows more numbers than JSON. */
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,2})?");

    private static final int NUMBER_LENGTH = 64;

    /** How the library's messages name a place. */
    private static final Pattern PLACE = Pattern.compile("(?m)^ in reader, line ([0-9]{1,9}),");

    private final String file;
    private final YAMLParser parser;

    private NodeReader(String file, YAMLParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /**
     * All that a file says.
     *
     * @throws Trouble it is no such text
     */
    static Node read(String file, String text) {
        try (YAMLParser parser = (YAMLParser) YAML.createParser(ObjectReadContext.empty(), text)) {
            NodeReader reader = new NodeReader(file, parser);
            Node root = reader.node(reader.next());
            if (reader.next() != null) {
                throw reader.refused("there is a second document", "keep one");
            }
            return root;
        }
    }

    private @Nullable JsonToken next() {
        try {
            return parser.nextToken();
        } catch (StreamConstraintsException e) {
            throw refused("nested deeper than " + DEPTH + " levels", "declarations are flat; " + Declarations.HELP);
        } catch (JacksonException e) {
            throw trouble(lineOf(e), reasonIn(e), "mend what stands there");
        }
    }

    /** The library's own place may be that of the token before. */
    private static int lineOf(JacksonException e) {
        Matcher place = PLACE.matcher(e.getOriginalMessage());
        if (place.find()) {
            return Integer.parseInt(place.group(1));
        }
        return e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
    }

    /** What was read and what was wrong with it, without the lines between, which show where. */
    private static String reasonIn(JacksonException e) {
        return e.getOriginalMessage()
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .limit(2)
                .collect(Collectors.joining(": "));
    }

    private Node node(@Nullable JsonToken token) {
        if (token == null) {
            throw refused("there is nothing in it", "declare a projection, or delete the file");
        }
        if (parser.isCurrentAlias()) {
            throw refused("an alias", "write out what it stands for");
        }
        if (parser.getTypeId() != null) {
            throw refused("a tag", "leave it out; a text stands in quotes");
        }
        int line = line();
        return switch (token) {
            case START_OBJECT -> new Node.Members(line, members());
            case START_ARRAY -> new Node.Items(line, items());
            case VALUE_STRING -> new Node.Text(line, unicode(parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Literal(line, number(parser.getString()));
            case VALUE_TRUE -> new Node.Literal(line, "true");
            case VALUE_FALSE -> new Node.Literal(line, "false");
            case VALUE_NULL -> new Node.Literal(line, "null");
            default -> throw refused("something that is no value", Declarations.HELP);
        };
    }

    private List<Node> items() {
        List<Node> items = new ArrayList<>();
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            items.add(node(token));
        }
        return items;
    }

    private Map<String, Node> members() {
        Map<String, Node> members = new LinkedHashMap<>();
        for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
            if (token == null) {
                throw refused("it ends too early", "write the rest");
            }
            String key = unicode(parser.currentName());
            Node value = node(next());
            if (members.putIfAbsent(key, value) != null) {
                throw trouble(value.line(), Names.quoted(key) + " stands there twice", "keep one of them");
            }
        }
        return members;
    }

    private String unicode(String text) {
        if (Names.utf8Length(text) < 0) {
            throw refused("half a surrogate pair", "write the whole character");
        }
        return text;
    }

    private String number(String text) {
        if (text.length() > NUMBER_LENGTH || !NUMBER.matcher(text).matches()) {
            throw refused(
                    Names.quoted(text) + " is no number of JSON", "write it as JSON does, or in quotes as a text");
        }
        return text;
    }

    private int line() {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private Trouble refused(String why, String remedy) {
        return trouble(line(), why, remedy);
    }

    private Trouble trouble(int line, String why, String remedy) {
        return Declarations.unusable(
                "The declared projections can't be read.", file + ", line " + line + ": " + why, remedy);
    }
}
