package dev.evstore.cli.declared;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A place in JSON text by RFC 6901. Immutable. */
record Pointer(String text, List<String> steps) {

    static final Pointer WHOLE = new Pointer("", List.of());

    private static final int MOST_CHARACTERS = 1_000;

    /**
     * @param text begins with {@code /}; in it {@code ~1} stands for {@code /} and {@code ~0} for {@code ~}
     * @throws IllegalArgumentException it is no pointer
     */
    static Pointer of(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("has at most " + MOST_CHARACTERS + " characters");
        }
        if (text.matches("(?s).*~([^01].*|$)")) {
            throw new IllegalArgumentException("has a ~ that is neither ~0 nor ~1");
        }
        List<String> steps = new ArrayList<>();
        for (String step : text.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return new Pointer(text, List.copyOf(steps));
    }

    /** The value there in one form, or null if there is none. */
    @Nullable
    String in(String json) {
        try (JsonParser parser = Values.parser(json)) {
            JsonToken token = parser.nextToken();
            for (String step : steps) {
                token = inside(parser, token, step);
                if (token == null) {
                    return null;
                }
            }
            return Values.copy(parser);
        }
    }

    /** Moves to a member or an element of the value that the parser stands at. */
    private static @Nullable JsonToken inside(JsonParser parser, @Nullable JsonToken at, String step) {
        if (at == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = parser.currentName().equals(step);
                JsonToken value = parser.nextToken();
                if (found) {
                    return value;
                }
                parser.skipChildren();
            }
        } else if (at == JsonToken.START_ARRAY && step.matches("0|[1-9][0-9]{0,8}")) {
            int left = Integer.parseInt(step);
            for (JsonToken value = parser.nextToken(); value != JsonToken.END_ARRAY; value = parser.nextToken()) {
                if (left-- == 0) {
                    return value;
                }
                parser.skipChildren();
            }
        }
        return null;
    }
}
