package dev.evstore.cli.render;

/**
 * How words for people look on their terminal.
 *
 * @param colours whether its colours are wanted
 */
record Ink(boolean colours) {

    static String count(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    String strong(String text) {
        return coloured("1", text);
    }

    String warn(String text) {
        return coloured("33", text);
    }

    String faint(String text) {
        return coloured("2", text);
    }

    private String coloured(String code, String text) {
        return colours && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
