/** The store on disk. */
module dev.evstore.fs {
    requires transitive dev.evstore.core;
    requires java.sql;
    requires org.eclipse.jgit;
    requires org.xerial.sqlitejdbc;
    requires tools.jackson.core;
    requires static micrometer.core;
    requires static transitive org.jspecify;

    exports dev.evstore.fs;
    exports dev.evstore.fs.http;
    exports dev.evstore.fs.metrics;
}
