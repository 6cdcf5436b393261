/** The rules of the store, free of disk: ids, events, format, history, and the store's interface. */
module dev.evstore.core {
    requires com.fasterxml.uuid;
    requires tools.jackson.core;
    requires static tools.jackson.databind;
    requires static transitive org.jspecify;

    exports dev.evstore.core;
    exports dev.evstore.core.codec;
    exports dev.evstore.core.decide;
    exports dev.evstore.core.jackson;
    exports dev.evstore.core.event;
    exports dev.evstore.core.history;
    exports dev.evstore.core.id;
    exports dev.evstore.core.projection;
    exports dev.evstore.core.reconcile;
    exports dev.evstore.core.append to
            dev.evstore.fs;
    exports dev.evstore.core.merge to
            dev.evstore.fs;
    exports dev.evstore.core.projection.engine to
            dev.evstore.fs;
    exports dev.evstore.core.subscription to
            dev.evstore.fs;
    exports dev.evstore.core.format to
            dev.evstore.fs,
            dev.evstore.cli;
}
