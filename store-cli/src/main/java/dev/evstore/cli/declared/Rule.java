package dev.evstore.cli.declared;

import dev.evstore.cli.input.JsonText;
import java.util.SortedSet;

/**
 * A part of a field: which events do what to it.
 *
 * @param on the types, or {@link #EVERY} alone
 */
record Rule(SortedSet<String> on, Fold fold) {

    /** Stands for every type that no other rule of the field names. */
    static final String EVERY = "*";

    String text() {
        return JsonText.strings(on) + " " + fold.text();
    }
}
