package dev.evstore.core.format;

import dev.evstore.core.id.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Rewrites a caller's JSON without white space. The library only finds the tokens: its limits are out of the way, and
 * whatever it lets through is checked again by the reader's own rules.
 */
final class JsonText {

    /** The line's own object is the first level. */
    private static final int DEPTH = Limits.DEPTH - 1;

    private static final JsonFactory TOKENS = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxDocumentLength(-1)
                    .maxTokenCount(-1)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .build();

    private final JsonParser parser;
    private final ByteWriter out;
    private final boolean canonical;

    private JsonText(JsonParser parser, ByteWriter out, boolean canonical) {
        this.parser = parser;
        this.out = out;
        this.canonical = canonical;
    }

    /**
     * Writes the value that {@code json} is.
     *
     * @param canonical whether in the one form of a merge transaction (rule M1): keys sorted, numbers as ECMAScript
     *     prints them; else keys and numbers stay as they are (rule V5)
     * @throws IllegalArgumentException if it is no single JSON value, nests too deep, or has a key twice
     */
    static void write(String json, ByteWriter out, boolean canonical) {
        try (JsonParser parser = TOKENS.createParser(ObjectReadContext.empty(), json)) {
            JsonText text = new JsonText(parser, out, canonical);
            text.value(parser.nextToken(), 0);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("more than one JSON value" + where(parser.currentTokenLocation()));
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON, or a key twice" + where(e.getLocation()), e);
        }
    }

    private static String where(@Nullable TokenStreamLocation at) {
        return at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    private void value(@Nullable JsonToken token, int depth) {
        if (token == null) {
            throw new IllegalArgumentException("no JSON value");
        }
        switch (token) {
            case START_OBJECT -> object(deeper(depth));
            case START_ARRAY -> array(deeper(depth));
            case VALUE_STRING -> out.string(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.ascii(number(parser.getString()));
            case VALUE_TRUE -> out.ascii("true");
            case VALUE_FALSE -> out.ascii("false");
            case VALUE_NULL -> out.ascii("null");
            default -> throw new IllegalArgumentException("not JSON" + where(parser.currentTokenLocation()));
        }
    }

    private static int deeper(int depth) {
        if (depth == DEPTH) {
            throw new IllegalArgumentException("levels of nesting: " + (depth + 1) + "; at most " + DEPTH);
        }
        return depth + 1;
    }

    private void array(int depth) {
        out.put('[');
        for (boolean first = true; ; first = false) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.END_ARRAY) {
                break;
            }
            if (!first) {
                out.put(',');
            }
            value(token, depth);
        }
        out.put(']');
    }

    private void object(int depth) {
        out.put('{');
        List<Member> members = new ArrayList<>();
        int start = out.size();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            int from = out.size();
            String key = parser.currentName();
            out.string(key).put(':');
            value(parser.nextToken(), depth);
            if (canonical) {
                members.add(new Member(key, from, out.size()));
            }
            out.put(',');
        }
        if (out.size() > start) {
            out.cut(out.size() - 1);
        }
        sort(members, start);
        out.put('}');
    }

    private record Member(String key, int from, int to) {}

    private void sort(List<Member> members, int start) {
        if (members.size() < 2) {
            return;
        }
        byte[] unsorted = Arrays.copyOfRange(out.bytes(), start, out.size());
        out.cut(start);
        members.sort(Comparator.comparing(Member::key, Names::compareUtf8));
        for (Member member : members) {
            if (out.size() > start) {
                out.put(',');
            }
            out.put(unsorted, member.from() - start, member.to() - start);
        }
    }

    private String number(String written) {
        if (written.length() > Limits.NUMBER) {
            throw new IllegalArgumentException(
                    "characters of a number: " + written.length() + "; at most " + Limits.NUMBER);
        }
        if (!canonical) {
            return written;
        }
        boolean integer = written.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        if (integer) {
            return written.equals("-0") ? "0" : written;
        }
        double value = Double.parseDouble(written);
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException("the number " + written + " is not finite as binary64");
        }
        return EcmaNumber.print(value);
    }
}
