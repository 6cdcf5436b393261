package dev.evstore.core.projection;

/**
 * Thrown by a key or a handler that can make nothing of an event. Unlike that of other exceptions its message is told
 * wherever the failure is: in the status, over HTTP, in logs. So it has to say why without quoting the payload (rule R7).
 */
public final class UnfoldableEventException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param why in a few words, the same for the same fault
     */
    public UnfoldableEventException(String why) {
        super(why);
    }
}
