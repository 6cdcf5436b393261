package dev.evstore.fs.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a client asks for. Immutable.
 *
 * @param head whether it wants everything but the body
 * @param path as it was sent, percent-encoded, beginning with {@code /}
 * @param query names and values, decoded
 */
record Request(boolean head, String path, Map<String, String> query) {

    private static final int MOST_HEADERS = 100;

    /**
     * Reads the head of a request: all up to the empty line, without it.
     *
     * @param hosts what its {@code Host} may be, in lower case
     * @throws Refused it is no request that is answered here
     */
    static Request of(byte[] bytes, Set<String> hosts) throws Refused {
        for (byte b : bytes) {
            if (b < 0x20 ? b != '\r' && b != '\n' && b != '\t' : b == 0x7F) { // bytes over 127 are negative
                throw Refused.malformed("the head has a byte that is not ASCII text");
            }
        }
        String[] lines = new String(bytes, StandardCharsets.US_ASCII).split("\r\n", -1);
        for (String line : lines) {
            if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
                throw Refused.malformed("a line ends otherwise than with CR LF");
            }
        }
        if (lines.length - 1 > MOST_HEADERS) {
            throw new Refused(431, "too-large", "more than " + MOST_HEADERS + " headers", "send fewer");
        }
        checkHost(headers(lines), hosts);
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3 || !words[2].matches("HTTP/1\\.[01]")) {
            throw Refused.malformed("the first line is no METHOD /path HTTP/1.1");
        }
        boolean head = words[0].equals("HEAD");
        if (!head && !words[0].equals("GET")) {
            throw new Refused(405, "method", "only GET and HEAD are answered", "nothing can be changed from here");
        }
        return target(head, words[1]);
    }

    /** Whether that head, be it good otherwise or not, asks for everything but the body. */
    static boolean isHead(byte[] bytes) {
        byte[] method = "HEAD ".getBytes(StandardCharsets.US_ASCII);
        return bytes.length >= method.length && Arrays.equals(bytes, 0, method.length, method, 0, method.length);
    }

    private static Map<String, List<String>> headers(String[] lines) throws Refused {
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1 || !lines[i].substring(0, colon).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                throw Refused.malformed("line " + (i + 1) + " is no header");
            }
            headers.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        if (headers.containsKey("transfer-encoding")
                || !List.of("0").containsAll(headers.getOrDefault("content-length", List.of()))) {
            throw Refused.malformed("the request has a body");
        }
        return headers;
    }

    /** A page of another origin can make a browser ask here by giving its own name this address; its name stays. */
    private static void checkHost(Map<String, List<String>> headers, Set<String> hosts) throws Refused {
        List<String> said = headers.getOrDefault("host", List.of());
        if (said.size() != 1 || !hosts.contains(said.get(0).toLowerCase(Locale.ROOT))) {
            throw new Refused(
                    421,
                    "host",
                    "the Host is not one of " + hosts.stream().sorted().toList(),
                    "ask by one of these");
        }
    }

    private static Request target(boolean head, String target) throws Refused {
        if (!target.startsWith("/") || target.contains("#")) {
            throw Refused.malformed("the path does not begin with /");
        }
        int mark = target.indexOf('?');
        Map<String, String> query = new HashMap<>();
        if (mark >= 0 && mark < target.length() - 1) {
            for (String pair : target.substring(mark + 1).split("&", -1)) {
                int equal = pair.indexOf('=');
                String name = decoded(equal < 0 ? pair : pair.substring(0, equal));
                if (query.putIfAbsent(name, equal < 0 ? "" : decoded(pair.substring(equal + 1))) != null) {
                    throw Refused.malformed("a parameter stands there twice");
                }
            }
        }
        return new Request(head, mark < 0 ? target : target.substring(0, mark), Map.copyOf(query));
    }

    /** Percent-encoded text as what it says; a plus is a plus. */
    static String decoded(String text) throws Refused {
        byte[] out = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw Refused.malformed("a % without two hex digits");
                }
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[length++] = (byte) c;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refused.malformed("what is percent-encoded is no UTF-8");
        }
    }
}
