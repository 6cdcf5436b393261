/** The evstore command. */
module dev.evstore.cli {
    requires dev.evstore.fs;
    requires info.picocli;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires tools.jackson.core;
    requires tools.jackson.dataformat.yaml;
    requires static org.jspecify;

    uses dev.evstore.core.reconcile.Resolver;

    opens dev.evstore.cli to
            info.picocli;
    opens dev.evstore.cli.command to
            info.picocli;
}
