package dev.evstore.core;

import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.Names;
import org.jspecify.annotations.Nullable;

/**
 * An event can't be turned into what the application wants of it. It names the event and says nothing of its payload;
 * reading goes no further than the event before it.
 */
public final class UndecodableEventException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** No class is registered for its type. */
        UNKNOWN_TYPE(
                "The application has no class for an event's type.",
                "register the type, or run the newer application that wrote it"),
        /** Its payload is not what the class of its type says. */
        PAYLOAD(
                "An event's payload is not of its type's shape.",
                "register an upcaster for the shape it has, or redact the event"),
        /** It is of a newer format, and what was asked for needs its payload. */
        NEWER_FORMAT("An event is of a newer format.", "upgrade evstore");

        private final String what;
        private final String remedy;

        Reason(String what, String remedy) {
            this.what = what;
            this.remedy = remedy;
        }
    }

    private final transient StoredEvent event;
    private final Reason reason;

    /**
     * @param flaw what is wrong with the payload, without anything of it, or null
     * @param cause something whose messages hold nothing of the payload either, or null
     */
    public UndecodableEventException(
            StoredEvent event, Reason reason, @Nullable String flaw, @Nullable Throwable cause) {
        super(
                reason.what,
                "event " + event.id() + ", stream " + event.stream() + ", type "
                        + Names.quoted(event.type().value()) + (flaw == null ? "" : ", " + flaw),
                reason.remedy,
                cause);
        this.event = event;
        this.reason = reason;
    }

    /** The event, as it is stored. */
    public StoredEvent event() {
        return event;
    }

    public Reason reason() {
        return reason;
    }
}
