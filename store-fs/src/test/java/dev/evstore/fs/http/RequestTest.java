package dev.evstore.fs.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTest {

    private static final Set<String> HOSTS = Set.of("127.0.0.1:1");

    private static Request of(String head) throws Refused {
        return Request.of(head.getBytes(StandardCharsets.ISO_8859_1), HOSTS);
    }

    private static Request get(String target) throws Refused {
        return of("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:1");
    }

    @Test
    void pathAndQueryAreTold() throws Refused {
        Request request = get("/projections/x?prefix=a%2Fb+c&limit=5&flag");
        assertEquals("/projections/x", request.path());
        assertEquals(Map.of("prefix", "a/b+c", "limit", "5", "flag", ""), request.query());
        assertTrue(of("HEAD / HTTP/1.0\r\nhOST:\t127.0.0.1:1 \r\nX: \r\nContent-Length: 0")
                .head());
    }

    @ParameterizedTest
    @CsvSource({"a%2Fb,a/b", "%C3%A9,é", "a+b,a+b", "%f0%9f%98%80,😀", "%25,%"})
    void percentSignsAreDecoded(String encoded, String text) throws Refused {
        assertEquals(text, Request.decoded(encoded));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "%+1", "a%", "%ff", "%c3", "%ed%a0%80", "%c0%af"})
    void whatIsNoPercentEncodingOfUtf8IsRefused(String encoded) {
        assertEquals(
                400,
                assertThrows(Refused.class, () -> Request.decoded(encoded))
                        .response("x")
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET",
                "GET /",
                "GET  / HTTP/1.1",
                "GET / HTTP/2",
                "GET / HTTP/1.1 x",
                "GET http://127.0.0.1:1/ HTTP/1.1",
                "GET * HTTP/1.1",
                "GET /#x HTTP/1.1",
                "GET /?a=1&a=2 HTTP/1.1",
                "GET /?%zz HTTP/1.1",
                "GET /\u0000 HTTP/1.1",
                "GET /\u00e9 HTTP/1.1",
                "GET /\n HTTP/1.1",
                "GET / HTTP/1.1\r\n folded: x",
                "GET / HTTP/1.1\r\n: x",
                "GET / HTTP/1.1\r\nna me: x",
                "GET / HTTP/1.1\r\nContent-Length: 5",
                "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 1",
                "GET / HTTP/1.1\r\nTransfer-Encoding: chunked"
            })
    void whatIsNoRequestIsRefused(String head) {
        Refused refused = assertThrows(Refused.class, () -> of(head + "\r\nHost: 127.0.0.1:1"));
        assertEquals(400, refused.response("x").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get"})
    void nothingIsChangedFromHere(String method) {
        Refused refused = assertThrows(Refused.class, () -> of(method + " / HTTP/1.1\r\nHost: 127.0.0.1:1"));
        assertEquals(405, refused.response("x").status());
        assertEquals("GET, HEAD", refused.response("x").headers().get("Allow"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\nHost:",
                "\r\nHost: evil.example",
                "\r\nHost: evil.example:1",
                "\r\nHost: 127.0.0.1",
                "\r\nHost: 127.0.0.1:2",
                "\r\nHost: 127.0.0.1:1.evil.example",
                "\r\nHost: 127.0.0.1:1\r\nHost: evil.example",
                "\r\nHost: 127.0.0.1:1, evil.example",
                "\r\nHost: localhost.evil.example:1"
            })
    void anotherHostIsRefused(String header) {
        Refused refused = assertThrows(Refused.class, () -> of("GET / HTTP/1.1" + header));
        assertEquals(421, refused.response("x").status());
    }

    @Test
    void headersHaveALimit() {
        Refused refused =
                assertThrows(Refused.class, () -> of("GET / HTTP/1.1\r\nHost: 127.0.0.1:1" + "\r\nx: y".repeat(100)));
        assertEquals(431, refused.response("x").status());
    }
}
