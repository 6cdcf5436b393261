package dev.evstore.cli.command;

import dev.evstore.cli.Session;
import dev.evstore.cli.resolver.ClassResolver;
import dev.evstore.cli.resolver.ProgramResolver;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.core.reconcile.Resolvers;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How forks are to be resolved: one of these, said on the command line and nowhere else. */
final class ResolverOptions {

    @Option(names = "--accept-order", description = "The canonical order is fine: no event is added.")
    private boolean acceptOrder;

    @Option(
            names = "--exec",
            paramLabel = "ARG",
            description = "A program, run once for each unit, without a shell: the fork as JSON on its standard input,"
                    + " the answer on its standard output. Once for the program and once for each of its arguments."
                    + " It has one minute.")
    private @Nullable List<String> exec;

    @ArgGroup(exclusive = false)
    private @Nullable Named named;

    static final class Named {
        @Option(
                names = "--resolver",
                required = true,
                paramLabel = "CLASS",
                description = "A class that is a service of type dev.evstore.core.reconcile.Resolver.")
        private String type = "";

        @Option(
                names = "--classpath",
                paramLabel = "PATH",
                description = "Where the class and what it needs are: directories and jars.")
        private @Nullable String classpath;
    }

    /** Uses the resolver that was chosen. */
    <T> T with(Session session, Function<Resolver, T> use) throws IOException {
        if (exec != null) {
            return use.apply(ProgramResolver.of(exec, session.environment().variables()));
        }
        if (named != null) {
            try (ClassResolver resolver = ClassResolver.of(named.type, named.classpath)) {
                return use.apply(resolver);
            }
        }
        assert acceptOrder;
        return use.apply(Resolvers.acceptOrder());
    }
}
