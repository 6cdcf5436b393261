package dev.evstore.core.projection;

import java.util.function.Consumer;

/** What a host gives the tables of one row of a {@link SqlProjection} through. */
public interface SqlScope {

    /** Has something done to the tables, in the transaction of the next batch; if it throws, nothing of it is done. */
    void run(Consumer<SqlTables> work);
}
