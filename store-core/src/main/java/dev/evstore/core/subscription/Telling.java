package dev.evstore.core.subscription;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.SubscriptionHandler;
import dev.evstore.core.SubscriptionState;
import dev.evstore.core.id.EventId;
import java.util.ArrayList;
import java.util.List;

/** Calls the handler, and remembers what it was told, in this order (rule P7). */
final class Telling {

    private static final System.Logger LOG = System.getLogger(Telling.class.getName());

    private final SubscriptionHandler handler;

    Telling(SubscriptionHandler handler) {
        this.handler = handler;
    }

    /**
     * Tells a whole transaction, then remembers that; gives the position behind it.
     *
     * @throws Stop the handler threw, or what was told could not be remembered
     */
    FeedCursor tell(List<FeedEntry> unit, Books.Seat seat) {
        List<Told> retracted = new ArrayList<>();
        List<Told> returned = new ArrayList<>();
        for (FeedEntry entry : unit) {
            if (entry instanceof FeedEntry.Retraction gone) {
                call("the retraction of " + gone.transaction(), () -> handler.onRetracted(gone));
                gone.events()
                        .forEach(event -> retracted.add(
                                new Told(new EventId(gone.transaction(), event.ordinal()), gone.trailer())));
            } else if (entry instanceof FeedEntry.Arrival arrival) {
                Told told = new Told(arrival.event().id(), arrival.trailer());
                String where = "event " + told.event();
                if (remembers(seat, told, where)) {
                    call(where, () -> handler.onReturned(arrival));
                    returned.add(told);
                } else {
                    call(where, () -> handler.onEvent(arrival));
                }
            }
        }
        FeedCursor position = unit.get(0).position();
        save(seat, position, retracted, returned);
        return position;
    }

    void caughtUp() {
        call("having caught up", handler::onCaughtUp);
    }

    void fellBehind() {
        call("having fallen behind", handler::onFellBehind);
    }

    /** Tells and logs a failure. The log has no message of the handler's: it may quote a payload. */
    void failed(String name, SubscriptionState.Failed failed) {
        LOG.log(
                System.Logger.Level.WARNING,
                "subscription {0} stopped at {1} ({2}: {3})",
                name,
                failed.where(),
                failed.reason(),
                failed.trouble().getClass().getName());
        try {
            handler.onFailure(failed);
        } catch (RuntimeException | Error e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "subscription {0}: its handler for failures threw {1}",
                    name,
                    e.getClass().getName());
        } finally {
            Thread.interrupted();
        }
    }

    /** A step that told nothing, over what the filter rejects, or where a person wants to go on. */
    static void save(Books.Seat seat, FeedCursor position) {
        save(seat, position, List.of(), List.of());
    }

    /** Not to be tried again by telling again: whatever was told has been told. */
    private static void save(Books.Seat seat, FeedCursor position, List<Told> retracted, List<Told> returned) {
        try {
            seat.save(position, retracted, returned);
        } catch (Books.SeatLostException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Stop(SubscriptionState.Reason.STORE, "saving the position " + position, e);
        }
    }

    private static boolean remembers(Books.Seat seat, Told told, String where) {
        try {
            return seat.remembers(told);
        } catch (RuntimeException e) {
            throw new Stop(SubscriptionState.Reason.STORE, where, e);
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void call(String where, Call call) {
        try {
            call.run();
        } catch (Throwable e) {
            throw new Stop(SubscriptionState.Reason.HANDLER, where, e);
        } finally {
            Thread.interrupted(); // the handler's own, which ends with its call
        }
    }
}
