package dev.evstore.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Replicas;
import org.junit.jupiter.api.Test;

class ReplicasTest {

    private static final StreamId A = StreamId.of("a");

    @Test
    void whatWasWrittenApartIsTheSameAfterASync() { // I4
        try (Replicas replicas = Replicas.inMemory(3)) {
            for (int i = 0; i < 3; i++) {
                replicas.replica(i).append(A, ExpectedVersion.noStream(), NewEvent.of("From" + i, "{}"));
            }
            replicas.sync(0, 1);
            assertEquals(replicas.replica(0).digest(), replicas.replica(1).digest());
            assertNotEquals(replicas.replica(0).digest(), replicas.replica(2).digest());
            replicas.sync(2, 1);
            replicas.sync(0, 2);

            assertEquals(replicas.replica(0).digest(), replicas.replica(1).digest());
            assertEquals(
                    replicas.replica(0).read(A).events(),
                    replicas.replica(2).read(A).events());
            assertEquals(replicas.replica(0).forks(), replicas.replica(1).forks());
            assertEquals(3, replicas.replica(0).streams("a").get(0).heads().size());
        }
    }
}
