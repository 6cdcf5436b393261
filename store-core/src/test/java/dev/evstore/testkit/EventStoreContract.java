package dev.evstore.testkit;

import dev.evstore.core.StoreObserver;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.Nested;

/**
 * What every event store has to do. A store passes it by a subclass that says how a fresh one is opened; nothing in it
 * is skipped.
 */
public abstract class EventStoreContract {

    /**
     * A store that is empty and new. Several may be open at once.
     *
     * @param wall the only clock it asks
     * @param random the only source of ids and salts
     * @param observer is told what happens
     */
    protected abstract Subject open(Clock wall, Random random, StoreObserver observer) throws Exception;

    private Subject open(Clock wall, Random random) throws Exception {
        return open(wall, random, StoreObserver.NONE);
    }

    @Nested
    class Appending extends AppendContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Commands extends CommandContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class AtTheLimits extends LimitsContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Reading extends ReadContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class ReadingTheWhole extends ReadAllContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class ReadingInCanonicalOrder extends CanonicalReadsContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Feeding extends FeedContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Retracting extends RetractionContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Consuming extends ConsumerContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Forking extends ForkContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Reconciling extends ReconcileContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class LeavingForks extends LeftForkContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class MergesThatMeet extends MeetingMergesContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class LookingAtForks extends ForkContextContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class StaleReading extends StaleReadContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Numbering extends SequenceContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Observing extends ObserverContract {
        @Override
        protected Subject open(Clock wall, Random random, StoreObserver observer) throws Exception {
            return EventStoreContract.this.open(wall, random, observer);
        }
    }

    @Nested
    class OtherClocks extends ClockContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Threads extends ConcurrencyContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Subscribing extends SubscriptionContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Returning extends ReturnContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Deciding extends DecidingContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }

    @Nested
    class Listening extends ChangeContract {
        @Override
        protected Subject open(Clock wall, Random random) throws Exception {
            return EventStoreContract.this.open(wall, random);
        }
    }
}
