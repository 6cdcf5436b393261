package dev.evstore.core;

/** When an append returns. */
public enum Durability {
    /** After the transaction, and all it names that was appended here, is safe from a power cut. */
    FULL,
    /** After it is safe from a crash of this process; a power cut may take it back until a later append syncs. */
    RELAXED
}
