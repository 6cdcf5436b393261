package dev.evstore.cli.command;

import dev.evstore.cli.GlobalOptions;
import dev.evstore.cli.Session;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ScopeType;

/** The program as a whole: what every command shares. */
@Command(
        name = "evstore",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Evstore.Version.class,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = "An event store that local-first applications keep in git.",
        footer = {
            "",
            "Exit codes: 0 done; 1 forks or findings remain; 2 usage; 3 version conflict; 4 store unusable;",
            "5 git refused or needs a person; 6 stale cursor; 70 a bug of evstore; 130 interrupted."
        },
        subcommands = {
            InitCommand.class,
            AppendCommand.class,
            ImportCommand.class,
            ReadCommand.class,
            FeedCommand.class,
            ExportCommand.class,
            StreamsCommand.class,
            ShowCommand.class,
            LogCommand.class,
            StatusCommand.class,
            ForksCommand.class,
            ReconcileCommand.class,
            DigestCommand.class,
            CommitCommand.class,
            VerifyCommand.class,
            ReindexCommand.class,
            MergeCommand.class,
            SyncCommand.class,
            PackCommand.class,
            RestoreCommand.class,
            ResolveCommand.class,
            ProjectionCommand.class,
            ServeCommand.class,
            DemoCommand.class,
            CompletionCommand.class
        })
public final class Evstore {

    @Mixin
    private final GlobalOptions options;

    private final Function<GlobalOptions, Session> session;

    /**
     * @param options filled in while the command line is parsed
     * @param session made when a command runs
     */
    public Evstore(GlobalOptions options, Function<GlobalOptions, Session> session) {
        this.options = options;
        this.session = session;
    }

    Session session() {
        return session.apply(options);
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Evstore.class.getPackage().getImplementationVersion();
            return new String[] {"evstore " + (version == null ? "(development)" : version)};
        }
    }
}
