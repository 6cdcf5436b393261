package dev.evstore.cli;

/**
 * What the JDK's logging is configured by once something logs: no handler, so that standard error holds what the
 * program says and nothing else. {@code -Djava.util.logging.config.file} takes its place.
 */
public final class NoLogging {}
