package dev.evstore.fs.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client gets. Immutable, if nobody changes the body.
 *
 * @param headers beside those that every answer has
 */
record Response(int status, String contentType, Map<String, String> headers, byte[] body) {

    private static final Map<Integer, String> REASONS = Map.of(
            200, "OK",
            400, "Bad Request",
            404, "Not Found",
            405, "Method Not Allowed",
            421, "Misdirected Request",
            431, "Request Header Fields Too Large",
            500, "Internal Server Error",
            503, "Service Unavailable");

    static Response json(int status, String text) {
        return new Response(status, "application/json", Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    static Response text(String contentType, String text) {
        return new Response(200, contentType, Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    static Response error(int status, String error, String what, String where, String remedy) {
        Response response = json(status, ProjectionJson.error(error, what, where, remedy));
        return status == 405 ? response.with("Allow", "GET, HEAD") : response;
    }

    /** @param value printable ASCII */
    Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, contentType, more, body);
    }

    /** The answer as it is sent; its end is the connection's. */
    ByteBuffer bytes(boolean withBody) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(REASONS.get(status))
                .append("\r\nContent-Type: ")
                .append(contentType)
                .append("\r\nContent-Length: ")
                .append(body.length)
                .append("\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff")
                .append("\r\nCross-Origin-Resource-Policy: same-origin\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer all = ByteBuffer.allocate(start.length + (withBody ? body.length : 0));
        all.put(start);
        if (withBody) {
            all.put(body);
        }
        return all.flip();
    }
}
