package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Prints a script that completes commands and options in bash and zsh.",
        footer = {
            "",
            "Examples:",
            "  source <(evstore completion)",
            "  evstore completion > ~/.local/share/bash-completion/completions/evstore"
        })
final class CompletionCommand extends SessionCommand {

    @Spec
    private CommandSpec spec;

    @Override
    int run(Session session) {
        String script = AutoComplete.bash("evstore", spec.root().commandLine());
        session.print(session.renderer().script(script.stripTrailing()));
        return ExitCode.DONE;
    }
}
