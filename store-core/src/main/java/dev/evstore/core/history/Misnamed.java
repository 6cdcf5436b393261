package dev.evstore.core.history;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;

/**
 * A head named that can't be one: the named transaction is here, but does not write the stream, or freely. Naming it
 * supersedes nothing (rule F1). Immutable.
 *
 * @param transaction who names it
 * @param stream the stream whose head it is said to be
 * @param named what is named
 */
public record Misnamed(TransactionId transaction, StreamId stream, TransactionId named) {}
