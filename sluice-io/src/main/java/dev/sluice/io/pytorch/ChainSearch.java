package dev.sluice.io.pytorch;

import dev.sluice.network.NetworkLayer;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of modules in a network: a state dict does not say it, but most often only one fits by the
 * shapes. It tries all, and stops as soon as it knows that there are several.
 */
final class ChainSearch {
  private static final int MAX_STEPS = 100_000;

  /** What a module is. */
  enum Kind {
    EMBEDDING,
    RECURRENT,
    DENSE
  }

  /** Where linear layers may stand. */
  enum DensePlace {
    /** Anywhere, but not one behind the other. */
    APART,
    /** Apart, and not before a recurrent layer. */
    BEHIND,
    /** Anywhere. */
    ANYWHERE
  }

  /**
   * A module, as it may be read.
   *
   * @param in features it reads; an embedding reads none, and comes first
   * @param out features it gives
   */
  record Block(Kind kind, int in, int out, NetworkLayer layer) {
    String name() {
      return layer.name();
    }

    /** Whether the two differ in nothing but a number, so that the numbers tell their order. */
    private boolean isNumberedLike(Block other) {
      return kind == other.kind
          && in == other.in
          && out == other.out
          && name().replaceAll("\\d+", "#").equals(other.name().replaceAll("\\d+", "#"));
    }

    private boolean isNumberedBefore(Block other) {
      return name().length() != other.name().length()
          ? name().length() < other.name().length()
          : name().compareTo(other.name()) < 0;
    }
  }

  private final List<List<Block>> modules;
  private final DensePlace place;
  private final boolean[] used;
  private final List<Block> chain = new ArrayList<>();
  private final List<List<Block>> found = new ArrayList<>();
  private int steps;

  private ChainSearch(List<List<Block>> modules, DensePlace place) {
    this.modules = modules;
    this.place = place;
    this.used = new boolean[modules.size()];
  }

  /**
   * Orders in which all modules make a chain; two of them when there are more.
   *
   * @param modules each with the ways it may be read
   * @param place of the linear ones
   */
  static List<List<Block>> chains(List<List<Block>> modules, DensePlace place) {
    ChainSearch search = new ChainSearch(modules, place);
    search.extend();
    return search.found;
  }

  private void extend() {
    if (chain.size() == modules.size()) {
      found.add(List.copyOf(chain));
      return;
    }
    for (int i = 0; i < used.length && found.size() < 2 && steps++ < MAX_STEPS; i++) {
      if (used[i]) {
        continue;
      }
      for (Block block : modules.get(i)) {
        if (follows(block) && !isPreceded(block)) {
          used[i] = true;
          chain.add(block);
          extend();
          chain.removeLast();
          used[i] = false;
        }
      }
    }
  }

  private boolean follows(Block block) {
    if (chain.isEmpty()) {
      return true;
    }
    Block last = chain.getLast();
    boolean fits = block.kind != Kind.EMBEDDING && block.in == last.out;
    return fits && (last.kind != Kind.DENSE || mayFollowDense(block));
  }

  private boolean mayFollowDense(Block block) {
    return switch (place) {
      case APART -> block.kind != Kind.DENSE;
      case BEHIND -> false;
      case ANYWHERE -> true;
    };
  }

  /** Whether a module that differs only in a lower number is still to come. */
  private boolean isPreceded(Block block) {
    for (int i = 0; i < used.length; i++) {
      if (!used[i]
          && modules.get(i).stream()
              .anyMatch(other -> other.isNumberedLike(block) && other.isNumberedBefore(block))) {
        return true;
      }
    }
    return false;
  }
}
