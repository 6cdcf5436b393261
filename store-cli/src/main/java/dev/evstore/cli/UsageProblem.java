package dev.evstore.cli;

import dev.evstore.core.id.Names;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What is wrong with a command line, in our words. */
final class UsageProblem {

    private static final Pattern EXCLUSIVE = Pattern.compile("(?:Error: )?(.*) are mutually exclusive .*");
    private static final Pattern EITHER = Pattern.compile(".*\\(specify one of these\\): \\((.*)\\)");

    private static final Pattern OF_A_GROUP = Pattern.compile("(?:Error: )?Missing required argument\\(s\\): (.*)");

    private UsageProblem() {}

    static Problem of(CommandLine.ParameterException wrong) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        return Problem.usage("The command line can't be understood.", where(wrong), "see " + command + " --help");
    }

    private static String where(CommandLine.ParameterException wrong) {
        String message = String.valueOf(wrong.getMessage());
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
        }
        if (wrong instanceof CommandLine.MissingParameterException missing) {
            Matcher group = OF_A_GROUP.matcher(message);
            if (group.matches()) {
                return "this is missing: " + group.group(1);
            }
            Matcher either = EITHER.matcher(message);
            return either.matches()
                    ? "one of these is missing: " + either.group(1).replace(" | ", ", ")
                    : "this is missing: "
                            + missing.getMissing().stream()
                                    .map(UsageProblem::described)
                                    .collect(Collectors.joining(", "));
        }
        Matcher exclusive = EXCLUSIVE.matcher(message);
        if (exclusive.matches()) {
            return "only one of these can be given: " + exclusive.group(1);
        }
        ArgSpec argument = wrong.getArgSpec();
        String value = wrong.getValue();
        return argument == null || value == null
                ? message
                : named(argument) + " is " + wanted(argument) + ", not " + Names.quoted(value);
    }

    private static String unmatched(CommandLine.UnmatchedArgumentException wrong) {
        String first = wrong.getUnmatched().get(0);
        if (wrong.isUnknownOption()) {
            return "there is no option " + Names.quoted(first);
        }
        boolean takesCommands =
                !wrong.getCommandLine().getCommandSpec().subcommands().isEmpty();
        return takesCommands ? "there is no command " + Names.quoted(first) : Names.quoted(first) + " is too much";
    }

    /** As the help names it, with its value. */
    private static String described(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? option.longestName() + " with its value " + option.paramLabel()
                : argument.paramLabel();
    }

    private static String named(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String wanted(ArgSpec argument) {
        if (argument.isMultiValue()) {
            return argument.paramLabel();
        }
        Class<?> type = argument.type();
        @Nullable Object[] constants = type.getEnumConstants();
        if (constants != null) {
            List<String> names = Stream.of(constants)
                    .map(constant -> String.valueOf(constant).toLowerCase(Locale.ROOT))
                    .toList();
            return "one of " + String.join(", ", names);
        }
        return type == long.class || type == int.class || Number.class.isAssignableFrom(type)
                ? "a whole number"
                : argument.paramLabel();
    }
}
