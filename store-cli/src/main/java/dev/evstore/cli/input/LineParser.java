package dev.evstore.cli.input;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.Names;
import dev.evstore.core.id.StreamId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a line that asks for an event. Data and metadata are taken as the text that stands there, so numbers keep
 * theirs; the store checks that text when it appends.
 */
public final class LineParser {

    private static final Set<String> EVENT = Set.of("stream", "type", "data", "meta", "tags", "expect");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // How long a name may be the store says when it appends.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            // Names come from users without end; a table of all of them would only grow.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private final String own;
    private final boolean extraToMeta;

    private LineParser(String own, boolean extraToMeta) {
        this.own = own;
        this.extraToMeta = extraToMeta;
    }

    /** Lines of {@code append --stdin}: an event and perhaps a {@code command}. */
    public static LineParser forAppend() {
        return new LineParser("command", false);
    }

    /**
     * Lines of {@code import}: an event and perhaps the label {@code tx} of its transaction.
     *
     * @param extraToMeta whether keys that mean nothing here go into the event's metadata; else they are refused
     */
    public static LineParser forImport(boolean extraToMeta) {
        return new LineParser("tx", extraToMeta);
    }

    /** Events of a resolution: nothing but an event. */
    static LineParser forResolution() {
        return new LineParser("", false);
    }

    /**
     * @throws IllegalArgumentException if the line is not such an object; the message says why
     */
    public InputEvent parse(String line) {
        Map<String, String> members = new LinkedHashMap<>();
        Map<String, String> extra = new LinkedHashMap<>();
        for (Map.Entry<String, String> member : members(line).entrySet()) {
            String key = member.getKey();
            if (known(key)) {
                members.put(key, member.getValue());
            } else if (extraToMeta) {
                extra.put(key, member.getValue());
            } else {
                throw new IllegalArgumentException("the key " + Names.quoted(key) + " means nothing here"
                        + (own.equals("tx") ? "; --extra-to-meta keeps it in the event's metadata" : ""));
            }
        }
        NewEvent event = new NewEvent(
                EventType.of(string("type", required("type", members))),
                required("data", members),
                withExtra(members.get("meta"), extra),
                tags(members.get("tags")),
                false);
        String label = members.get(own);
        String text = label == null ? null : string(own, label);
        return new InputEvent(
                StreamId.of(string("stream", required("stream", members))),
                expected(members.get("expect")),
                event,
                own.equals("tx") ? text : null,
                own.equals("tx") ? null : text,
                Names.utf8Length(line));
    }

    private boolean known(String key) {
        return key.equals(own) || (EVENT.contains(key) && !(own.isEmpty() && key.equals("expect")));
    }

    private static String required(String key, Map<String, String> members) {
        String value = members.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the key \"" + key + "\" is missing");
        }
        return value;
    }

    private static ExpectedVersion expected(@Nullable String value) {
        if (value == null) {
            return ExpectedVersion.current();
        }
        return Expectations.of(value.startsWith("\"") ? string("expect", value) : value);
    }

    private static List<String> tags(@Nullable String value) {
        if (value == null) {
            return List.of();
        }
        List<String> tags = new ArrayList<>();
        try (JsonParser json = parser(value)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException("\"tags\" is an array of strings");
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() != JsonToken.VALUE_STRING) {
                    throw new IllegalArgumentException("\"tags\" is an array of strings");
                }
                tags.add(json.getString());
            }
        }
        return tags;
    }

    static String string(String key, String value) {
        try (JsonParser json = parser(value)) {
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw new IllegalArgumentException("\"" + key + "\" is a string");
            }
            return json.getString();
        }
    }

    private static @Nullable String withExtra(@Nullable String meta, Map<String, String> extra) {
        if (extra.isEmpty()) {
            return meta;
        }
        Map<String, String> all = meta == null ? new LinkedHashMap<>() : members(meta);
        extra.forEach((key, value) -> {
            if (all.putIfAbsent(key, value) != null) {
                throw new IllegalArgumentException(
                        "the key " + Names.quoted(key) + " stands in the line and in its \"meta\"");
            }
        });
        return JsonText.object(all);
    }

    /** The members of an object: decoded key to the text of the value as it stands there. */
    static Map<String, String> members(String text) {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser json = parser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is not a JSON object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String key = json.currentName();
                json.nextToken();
                int from = (int) json.currentTokenLocation().getCharOffset();
                json.skipChildren();
                json.finishToken(); // strings are read to their end only when asked
                int to = (int) json.currentLocation().getCharOffset();
                if (members.put(key, text.substring(from, to)) != null) {
                    throw new IllegalArgumentException("the key " + Names.quoted(key) + " stands there twice");
                }
            }
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("something follows the JSON object");
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is not JSON" + place(text, e), e);
        }
        return members;
    }

    /** Near enough for a person who looks at the line. */
    private static String place(String text, JacksonException trouble) {
        TokenStreamLocation location = trouble.getLocation();
        long offset = location == null ? -1 : location.getCharOffset();
        if (offset >= text.length()) {
            return ": it ends too soon";
        }
        return offset < 0 ? "" : " at character " + (offset + 1) + ": " + Names.quoted(text.substring((int) offset));
    }

    static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text.toCharArray());
    }
}
