package dev.evstore.core.projection;

import dev.evstore.core.id.Names;
import java.nio.charset.StandardCharsets;

/** What a row may be called. */
final class ProjectionKeys {

    private ProjectionKeys() {}

    /**
     * @throws IllegalArgumentException if the key is empty, too long, or no Unicode text
     */
    static String checked(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > Projection.MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a row's key has 1 to " + Projection.MAX_KEY_BYTES + " bytes of UTF-8, not " + bytes.length);
        }
        if (!new String(bytes, StandardCharsets.UTF_8).equals(key)) {
            throw new IllegalArgumentException("a row's key is no Unicode text: " + Names.quoted(key));
        }
        return key;
    }
}
