package dev.evstore.cli.input;

import dev.evstore.core.reconcile.Resolution;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the answer of a program that resolves forks: {@code {"resolve":[{"stream","type","data"[,"meta","tags"]}…]}} or
 * {@code {"unresolvable":"why"}}.
 */
public final class ResolutionParser {

    private ResolutionParser() {}

    /**
     * @throws IllegalArgumentException if it is no such answer; the message says why
     */
    public static Resolution parse(String text) {
        Map<String, String> members = LineParser.members(text);
        if (members.size() == 1) {
            String resolve = members.get("resolve");
            if (resolve != null) {
                return resolve(resolve);
            }
            String reason = members.get("unresolvable");
            if (reason != null) {
                return Resolution.unresolvable(LineParser.string("unresolvable", reason));
            }
        }
        throw new IllegalArgumentException(
                "it has to be an object with \"resolve\" or \"unresolvable\" and nothing else");
    }

    private static Resolution resolve(String array) {
        LineParser parser = LineParser.forResolution();
        Resolution.Resolve resolution = Resolution.canonicalOrder();
        try (JsonParser json = LineParser.parser(array)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException("\"resolve\" is an array of events");
            }
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                int from = (int) json.currentTokenLocation().getCharOffset();
                if (token != JsonToken.START_OBJECT) {
                    throw new IllegalArgumentException("\"resolve\" is an array of events");
                }
                json.skipChildren();
                InputEvent event = parser.parse(
                        array.substring(from, (int) json.currentLocation().getCharOffset()));
                resolution = resolution.and(event.stream(), event.event());
            }
        }
        return resolution;
    }
}
