package dev.evstore.cli.declared;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON values as text: without white space, strings escaped in one way, keys in the order and numbers in the text they
 * were written with. What comes in has passed the format's rules, so depth and numbers are bounded; the library's own
 * limits are out of the way.
 */
final class Values {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            // Names come from events without end; a table of all of them would only grow.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private Values() {}

    static JsonParser parser(String json) {
        return JSON.createParser(ObjectReadContext.empty(), json);
    }

    /** The value that the parser stands at. */
    static String copy(JsonParser parser) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            int depth = 0;
            for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (token.isNumeric()) {
                    out.writeNumber(parser.getString());
                } else {
                    out.copyCurrentEvent(parser);
                }
                if (depth == 0) {
                    break;
                }
            }
        }
        return text.toString();
    }

    /** The elements of an array, or null if it is none. */
    static @Nullable List<String> elements(String json) {
        try (JsonParser parser = parser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return null;
            }
            List<String> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(copy(parser));
            }
            return elements;
        }
    }

    /** What a string says, or null if it is none. */
    static @Nullable String string(String json) {
        try (JsonParser parser = parser(json)) {
            return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
        }
    }

    /** A number, or null if it is none. */
    static @Nullable BigDecimal number(String json) {
        char first = json.charAt(0);
        return first == '-' || (first >= '0' && first <= '9') ? new BigDecimal(json) : null;
    }

    /** The one text of a number: no exponent, no zeros that say nothing. */
    static String text(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** A scalar as a row's key, or null if there is no key in it. */
    static @Nullable String key(String json) {
        char first = json.charAt(0);
        if (first == '{' || first == '[' || first == 'n') {
            return null;
        }
        String text = first == '"' ? string(json) : json;
        return text == null || text.isEmpty() ? null : text;
    }
}
