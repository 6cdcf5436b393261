package dev.evstore.fs;

import java.util.List;
import java.util.Optional;

/**
 * What {@link GitWorkTree#pack} did. Immutable.
 *
 * @param commit the commit's id, as git writes it; empty if there was nothing to pack
 * @param packs the packs that are new, as paths from the store's directory with {@code /}, ascending
 * @param files how many event files went for them
 * @param transactions how many transactions those held, each counted once
 * @param heldBy branches, branches of remotes and other working trees that still have one of those files, as
 *     {@code side}, {@code origin/main} and {@code worktree PATH}; at most 1,000
 */
public record PackResult(
        Optional<String> commit, List<String> packs, long files, long transactions, List<String> heldBy) {

    public PackResult {
        packs = List.copyOf(packs);
        heldBy = List.copyOf(heldBy);
    }

    static PackResult nothing() {
        return new PackResult(Optional.empty(), List.of(), 0, 0, List.of());
    }
}
