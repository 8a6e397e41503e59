package dev.sluice.cell;

import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * What running a cell over sequences gives.
 *
 * @param output the output of every step, packed as the input was
 * @param state the state after each sequence's last step in reading direction, parts of (B, size),
 *     sequences in packed order
 */
public record Scan(PackedSequence output, List<Var> state) {}
