package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Problem;
import dev.evstore.cli.Session;
import dev.evstore.cli.Trouble;
import dev.evstore.cli.input.Expectations;
import dev.evstore.cli.input.InputEvent;
import dev.evstore.cli.input.JsonText;
import dev.evstore.cli.input.LineParser;
import dev.evstore.cli.input.Lines;
import dev.evstore.cli.input.Payload;
import dev.evstore.core.Append;
import dev.evstore.core.EventStore;
import dev.evstore.core.ForkPolicy;
import dev.evstore.core.StoreException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "append",
        description = {
            "Appends an event, or one for each JSON line.",
            "Prints the transaction and the stream's version: with --stdin one acknowledgement a line. It stops at"
                    + " the first line that fails; what was acknowledged stays."
        },
        footer = {
            "",
            "Lines of --stdin: {\"stream\",\"type\",\"data\"[,\"meta\",\"tags\",\"expect\",\"command\"]}",
            "",
            "Examples:",
            "  evstore append account-1 --type MoneyDeposited --data '{\"amount\":5}'",
            "  evstore append account-1 --type Opened --data null --expect no-stream",
            "  evstore append log --type Noted --data @note.json --expect any --tag home",
            "  producer | evstore append --stdin --json"
        })
final class AppendCommand extends StoreCommand {

    @Spec
    private CommandSpec spec;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private What what;

    static final class What {
        @Parameters(index = "0", paramLabel = "STREAM", description = "The stream.")
        private @Nullable String stream;

        @Option(names = "--stdin", description = "Take JSON lines from standard input.")
        private boolean stdin;
    }

    @Option(names = "--type", paramLabel = "T", description = "What happened.")
    private @Nullable String type;

    @Option(
            names = "--data",
            paramLabel = "JSON|@FILE|-",
            description = "The payload: JSON, a file that holds it, or standard input.")
    private @Nullable String data;

    @Option(
            names = "--expect",
            paramLabel = "E",
            description = "current (default), any (never conflicts, never forks), no-stream, exists, or a version.")
    private @Nullable String expect;

    @Option(names = "--meta", paramLabel = "K=V", description = "The event's metadata; the value is text.")
    private Map<String, String> meta = new LinkedHashMap<>();

    @Option(names = "--tag", paramLabel = "T", description = "A tag of the event.")
    private List<String> tags = List.of();

    @Option(names = "--reject-forks", description = "Fail if the stream is forked, instead of going on with one head.")
    private boolean rejectForks;

    @Option(names = "--command", paramLabel = "ID", description = "Appended again, the first result comes back.")
    private @Nullable String command;

    @Override
    int run(Session session, EventStore store) {
        return what.stdin ? lines(session, store) : one(session, store, String.valueOf(what.stream));
    }

    private int one(Session session, EventStore store, String stream) {
        if (type == null || data == null) {
            throw wrong("one event needs --type and --data");
        }
        String json = Payload.text(data, session.in(), session::resolve);
        NewEvent event = NewEvent.of(type, json).tags(tags.toArray(String[]::new));
        if (!meta.isEmpty()) {
            Map<String, String> members = new LinkedHashMap<>();
            meta.forEach((key, value) -> members.put(key, JsonText.string(value)));
            event = event.meta(JsonText.object(members));
        }
        Append append = Append.to(StreamId.of(stream), Expectations.of(expect == null ? "current" : expect), event);
        append = command == null ? append : append.command(command);
        append = rejectForks ? append.forks(ForkPolicy.REJECT) : append;
        session.print(session.renderer().appended(store.append(append)));
        return ExitCode.DONE;
    }

    private int lines(Session session, EventStore store) {
        if (type != null || data != null || expect != null || !meta.isEmpty() || !tags.isEmpty() || command != null) {
            throw wrong(
                    "with --stdin the lines say everything; no other option of append but --reject-forks goes with it");
        }
        Lines lines = new Lines(session.in(), "standard input");
        LineParser parser = LineParser.forAppend();
        for (String line = lines.next(); line != null; line = lines.next()) {
            try {
                InputEvent input = parser.parse(line);
                Append append = Append.to(input.stream(), input.expected(), input.event());
                append = rejectForks ? append.forks(ForkPolicy.REJECT) : append;
                append = input.command() == null ? append : append.command(input.command());
                session.print(session.renderer().appended(store.append(append)));
            } catch (StoreException | IllegalArgumentException e) {
                throw new Trouble(Problem.of(e).at(lines.place()).adding("what was acknowledged stays"), e);
            }
            session.output().flush();
        }
        return ExitCode.DONE;
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
