package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.parameter.ParameterSpec;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a stack asks for, and what it says to stacks that cannot be. */
class StackedCellsTest {
  @Test
  void eachCellHasWeightsOfItsOwn() {
    Cell stack = new StackedCells(List.of(new RnnCell(2, 3), new RnnCell(3, 3)));
    assertThat(stack.parameters("_l0"))
        .extracting(ParameterSpec::name)
        .containsExactly(
            "weight_ih_cell0_l0",
            "weight_hh_cell0_l0",
            "bias_ih_cell0_l0",
            "bias_hh_cell0_l0",
            "weight_ih_cell1_l0",
            "weight_hh_cell1_l0",
            "bias_ih_cell1_l0",
            "bias_hh_cell1_l0");
    assertThat(stack.stateSizes()).containsExactly(3, 3);
  }

  @Test
  void sharedCellsHaveTheWeightsOfOne() {
    Cell stack = StackedCells.shared(new RnnCell(3, 3), 4);
    assertThat(stack.parameters("_l0")).hasSize(4);
    assertThat(stack.stateSizes()).hasSize(4);
  }

  @Test
  void theSameInstanceTwiceIsAMistake() {
    Cell cell = new GruCell(3, 3);
    assertThatThrownBy(() -> new StackedCells(Collections.nCopies(2, cell)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cells 0 and 1 of the stack are the same instance of GRU. Layers with weights of their"
                + " own are instances of their own: write List.of(new ..., new ...) instead of"
                + " repeating one. To share its weights on purpose, write"
                + " StackedCells.shared(cell, 2)");
  }

  @Test
  void sizesMustFit() {
    assertThatThrownBy(() -> new StackedCells(List.of(new RnnCell(2, 3), new RnnCell(4, 3))))
        .hasMessage("cell 1 of the stack takes 4 inputs, but cell 0 below it has 3 outputs");
    assertThatThrownBy(() -> new StackedCells(List.of()))
        .hasMessage("a stack needs at least one cell");
  }
}
