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
        epoch = row.getString(1);
        next = row.getLong(2);
        retractions = row.getLong(3);
        generation = row.getLong(4);
        transactions = row.getLong(5);
        events = row.getLong(6);
        streams = row.getLong(7);
        digest = Digest.of(row.getBytes(8));
        arrivalHash = row.getLong(9);
        retractionHash = row.getLong(10);
        durableArrivals = row.getLong(11);
        durableRetractions = row.getLong(12);
        replicaSequence = row.getLong(13);
    }

    private static final String SELECT = "SELECT epoch, next, retractions, generation, transactions, events, streams,"
            + " digest, arrivalhash, retractionhash, durable_a, durable_r, replica_seq FROM state";

    static Counters load(Sql sql) {
        return Objects.requireNonNull(sql.first(SELECT, Counters::new), "the index has its state");
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
