package dev.evstore.core.reconcile;

/**
 * The fork that is being looked at is no longer what it was: something of it was taken away meanwhile, or its stream
 * changed under the reader. A resolver lets it pass; the store then asks again.
 */
public final class ForkMovedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ForkMovedException(String what) {
        super("the fork changed while it was being looked at: " + what);
    }
}
