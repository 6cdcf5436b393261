package dev.evstore.cli.declared;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A field of a declared projection's rows. */
record Field(String name, List<Rule> rules) {

    Cell initial() {
        return rules.stream()
                .map(rule -> rule.fold().initial())
                .filter(cell -> !cell.equals(Cell.NULL))
                .findFirst()
                .orElse(Cell.NULL);
    }

    /** What an event of this type does. */
    Optional<Fold> foldOn(String type) {
        return rules.stream()
                .filter(rule -> rule.on().contains(type))
                .findFirst()
                .or(() -> rules.stream()
                        .filter(rule -> rule.on().contains(Rule.EVERY))
                        .findFirst())
                .map(Rule::fold);
    }

    String text() {
        return name + rules.stream().map(Rule::text).collect(Collectors.joining("; ", ": ", ""));
    }
}
