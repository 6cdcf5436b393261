package dev.evstore.core;

import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.EventStoreContract;
import dev.evstore.testkit.Subject;
import java.time.Clock;
import java.util.Collection;
import java.util.Random;
import java.util.UUID;

class InMemoryEventStoreTest extends EventStoreContract {

    @Override
    protected Subject open(Clock wall, Random random, StoreObserver observer) {
        ReplicaId replica = new ReplicaId(new UUID(random.nextLong(), random.nextLong()));
        return new InMemory(new InMemoryEventStore(wall, random, replica, observer));
    }

    private record InMemory(InMemoryEventStore store) implements Subject {
        @Override
        public void arrive(Collection<Transaction> foreign) {
            store.ingest(foreign);
        }

        @Override
        public void retract(Collection<TransactionId> ids) {
            store.retract(ids);
        }
    }
}
