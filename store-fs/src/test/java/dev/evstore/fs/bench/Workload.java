package dev.evstore.fs.bench;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.util.HexFormat;
import java.util.Random;

/**
 * What is appended: transactions of one event and about 600 bytes, the same by the same numbers.
 *
 * @param transactions how many a store has before it is measured
 * @param streams over how many streams they go in turn
 */
record Workload(int transactions, int streams) {

    /** Every so many transactions one goes to {@link #TWENTY} instead, until that has 20. */
    private int everyTwentieth() {
        return transactions / 20;
    }

    /** A stream of 20 events, spread over the whole. */
    static final String TWENTY = "twenty";

    static final String TYPE = "MoneyDeposited";

    String stream(int k) {
        return k % everyTwentieth() == 0 ? TWENTY : "account-" + k % streams;
    }

    static String data(int k) {
        byte[] note = new byte[48];
        new Random(k).nextBytes(note);
        return "{\"amount\":" + k + ",\"note\":\"" + HexFormat.of().formatHex(note) + "\"}";
    }

    Append append(int k) {
        return Append.to(StreamId.of(stream(k)), ExpectedVersion.current(), NewEvent.of(TYPE, data(k)));
    }

    String shape() {
        return streams == 1 ? "one chain" : String.format("%,d streams", streams);
    }
}
