package dev.evstore.fs.index;

import dev.evstore.core.id.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/** The index's one row of state, read at the start of a write and saved at its end. Not thread-safe. */
final class Counters {

    final String epoch;
    /** The next sequence number to give (rule P1). */
    long next;

    long retractions;
    long generation;
    long transactions;
    long events;
    long streams;
    Digest digest;
    long arrivalHash;
    long retractionHash;
    /** Up to where the index survives a power cut (rule P4). */
    final long durableArrivals;

    final long durableRetractions;
    long replicaSequence;

    private Counters(ResultSet row) throws SQLException {
        epoch = row.getString("epoch");
        next = row.getLong("next");
        retractions = row.getLong("retractions");
        generation = row.getLong("generation");
        transactions = row.getLong("transactions");
        events = row.getLong("events");
        streams = row.getLong("streams");
        digest = Digest.of(row.getBytes("digest"));
        arrivalHash = row.getLong("arrivalhash");
        retractionHash = row.getLong("retractionhash");
        durableArrivals = row.getLong("durable_a");
        durableRetractions = row.getLong("durable_r");
        replicaSequence = row.getLong("replica_seq");
    }

    static Counters load(Sql sql) {
        return Objects.requireNonNull(sql.first("SELECT * FROM state", Counters::new), "the index has its state");
    }

    void save(Sql sql) {
        sql.update(
                "UPDATE state SET next=?, retractions=?, generation=?, transactions=?, events=?, streams=?, digest=?,"
                        + " arrivalhash=?, retractionhash=?, replica_seq=?",
                next,
                retractions,
                generation,
                transactions,
                events,
                streams,
                digest.bytes(),
                arrivalHash,
                retractionHash,
                replicaSequence);
    }

    /** The sequence number of the last arrival, 0 for none. */
    long lastArrival() {
        return next - 1;
    }
}
