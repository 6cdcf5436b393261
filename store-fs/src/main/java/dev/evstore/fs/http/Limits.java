package dev.evstore.fs.http;

import java.time.Duration;

/**
 * What clients may cost.
 *
 * @param connections how many are open at once; one more makes the oldest that has not asked yet go
 * @param headBytes of a request
 * @param exchange how long a client may take to ask and to take its answer
 * @param workers threads that make answers
 * @param waiting requests that wait for one of them
 * @param answerBytes of answers that are made and not taken yet; while there are more, nothing else is answered
 */
record Limits(int connections, int headBytes, Duration exchange, int workers, int waiting, long answerBytes) {

    static final Limits DEFAULT = new Limits(256, 8 << 10, Duration.ofSeconds(15), 4, 64, 64L << 20);
}
