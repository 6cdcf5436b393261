package dev.evstore.fs.git;

import java.util.regex.Pattern;

/** Addresses of remotes as they may be shown: without names, passwords and tokens. */
final class Addresses {

    /** What stands before the host, up to the last {@code @} before the path. */
    private static final Pattern CREDENTIALS = Pattern.compile("(\\b[A-Za-z][A-Za-z0-9+.-]*://)[^/\\s'\"]*@");

    /** What stands behind the path: some servers take tokens there. */
    private static final Pattern QUERY = Pattern.compile("(\\bhttps?://[^\\s'\"?#]*)[?#][^\\s'\"]*");

    private Addresses() {}

    /** The same text, whatever addresses stand in it. */
    static String shown(String text) {
        return QUERY.matcher(CREDENTIALS.matcher(text).replaceAll("$1")).replaceAll("$1");
    }
}
