package dev.evstore.core;

import dev.evstore.core.id.Names;
import dev.evstore.core.id.TransactionId;

/** A command is known with other events than those given now (rule A6). Nothing was written. */
public final class CommandReusedException extends StoreException {

    private static final long serialVersionUID = 1L;

    private final transient TransactionId first;

    public CommandReusedException(String command, TransactionId first) {
        super(
                "The command was used for something else; nothing was written.",
                "command " + Names.quoted(command) + ", transaction " + first,
                "use a new command for new events; repeat one only with the same streams, types and data",
                null);
        this.first = first;
    }

    /** The transaction that the command stands for. */
    public TransactionId first() {
        return first;
    }
}
