package dev.evstore.core.event;

import dev.evstore.core.id.Names;

/**
 * Wildcard patterns over stream names. Matching takes at most pattern × name steps (the last {@code *} is the only one
 * ever taken back), so no pattern of a caller can hang a reader; works on code points.
 */
final class Glob {

    private Glob() {}

    /** Refuses a pattern with a set that is empty or not closed. */
    static void check(String glob) {
        int[] p = glob.codePoints().toArray();
        for (int i = 0; i < p.length; i++) {
            if (p[i] == '[') {
                int end = closing(p, i);
                if (end < 0) {
                    throw new IllegalArgumentException("glob " + Names.quoted(glob) + ": the set opened at character "
                            + i + " is empty or not closed");
                }
                i = end;
            }
        }
    }

    static boolean matches(String glob, String name) {
        int[] p = glob.codePoints().toArray();
        int[] s = name.codePoints().toArray();
        int i = 0;
        int j = 0;
        int star = -1;
        int starName = 0;
        while (j < s.length) {
            if (i < p.length && p[i] == '*') {
                star = i++;
                starName = j;
            } else if (i < p.length && matchesOne(p, i, s[j])) {
                i = p[i] == '[' ? closing(p, i) + 1 : i + 1;
                j++;
            } else if (star >= 0) {
                i = star + 1;
                j = ++starName;
            } else {
                return false;
            }
        }
        while (i < p.length && p[i] == '*') {
            i++;
        }
        return i == p.length;
    }

    private static boolean matchesOne(int[] p, int i, int c) {
        if (p[i] == '?') {
            return true;
        }
        if (p[i] != '[') {
            return p[i] == c;
        }
        int end = closing(p, i);
        int k = i + 1;
        boolean negated = p[k] == '!';
        if (negated) {
            k++;
        }
        boolean in = false;
        while (k < end) {
            boolean range = k + 2 < end && p[k + 1] == '-';
            in |= range ? c >= p[k] && c <= p[k + 2] : c == p[k];
            k += range ? 3 : 1;
        }
        return in != negated;
    }

    /** Where the set opened at {@code open} closes; a {@code ]} that stands first in it is a member. -1 if it doesn't. */
    private static int closing(int[] p, int open) {
        int k = open + 1;
        if (k < p.length && p[k] == '!') {
            k++;
        }
        for (k++; k < p.length; k++) {
            if (p[k] == ']') {
                return k;
            }
        }
        return -1;
    }
}
