package dev.evstore.cli;

/** The program {@code evstore}. */
public final class Main {

    private Main() {}
}
