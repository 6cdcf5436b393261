package dev.evstore.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.reconcile.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolutionParserTest {

    @Test
    void eventsAreTakenInOrderAndTheirDataAsItStands() {
        assertEquals(
                Resolution.resolve(StreamId.of("b"), NewEvent.of("T", "{\"n\": 1.50}"))
                        .and(
                                StreamId.of("a"),
                                NewEvent.of("U", "null").meta("{\"m\":1}").tags("x", "y")),
                ResolutionParser.parse("""
                        {"resolve":[{"stream":"b","type":"T","data":{"n": 1.50}},
                          {"stream":"a","type":"U","data":null,"meta":{"m":1},"tags":["x","y"]}]}
                        """));
        assertEquals(Resolution.canonicalOrder(), ResolutionParser.parse("{\"resolve\":[]}"));
        assertEquals(Resolution.unresolvable("why"), ResolutionParser.parse("{\"unresolvable\":\"why\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"resolve\":{}}",
                "{\"resolve\":[1]}",
                "{\"resolve\":[[]]}",
                "{\"resolve\":[{}]}",
                "{\"resolve\":[",
                "{\"resolve\":[]}{\"resolve\":[]}",
                "{\"resolve\":[],\"unresolvable\":\"both\"}",
                "{\"resolve\":[],\"resolve\":[]}",
                "{\"unresolvable\":1}",
                "{\"other\":1}",
                "{\"resolve\":[{\"stream\":\"a\",\"type\":\"T\",\"data\":1,\"expect\":\"any\"}]}",
                "{\"resolve\":[{\"stream\":\"a\",\"type\":\"T\",\"data\":1,\"command\":\"c\"}]}",
                "{\"resolve\":[{\"stream\":\"a*\",\"type\":\"T\",\"data\":1}]}",
                "{\"resolve\":[{\"stream\":\"a\",\"type\":\"T\"}]}"
            })
    void anythingElseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ResolutionParser.parse(text));
    }
}
