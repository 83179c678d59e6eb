package io.innerspan.workbench.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Splits rows into parts so that no group, and no text, is in two parts.
 *
 * <p>Groups are dealt largest first to the part that lacks most of what the group brings: positive
 * rows, other rows, groups with positive rows and groups with other rows, each as a share of all.
 * Groups of equal size are dealt in an order drawn from the seed. The same rows and seed give the
 * same split.
 */
public final class GroupSplitter {
  /**
   * A part's fewest groups of each label: below it neither selection nor intervals mean anything.
   */
  static final int FEWEST_GROUPS = 3;

  private final Shares shares;
  private final long seed;

  /**
   * A splitter.
   *
   * @param shares of each part
   * @param seed of the order among groups of equal size
   */
  public GroupSplitter(Shares shares, long seed) {
    this.shares = shares;
    this.seed = seed;
  }

  /**
   * Splits.
   *
   * @param source named in messages
   * @throws BadInput when a part would hold too few groups of a label
   */
  public Split split(List<LabelledText> rows, String source) {
    List<Group> groups = groups(rows);
    Collections.shuffle(groups, new Random(seed));
    groups.sort(Comparator.comparingInt(Group::size).reversed());
    double[] totals = new double[Group.MEASURES];
    groups.forEach(group -> add(totals, group));
    Map<Part, double[]> dealt = new EnumMap<>(Part.class);
    Map<Part, List<LabelledText>> parts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      dealt.put(part, new double[Group.MEASURES]);
      parts.put(part, new ArrayList<>());
    }
    for (Group group : groups) {
      Part part = neediest(group, totals, dealt);
      add(at(dealt, part), group);
      at(parts, part).addAll(group.rows());
    }
    for (Part part : Part.values()) {
      check(part, at(dealt, part), source);
      at(parts, part).sort(Comparator.comparingLong(LabelledText::row));
    }
    return new Split(parts, groups.size());
  }

  private Part neediest(Group group, double[] totals, Map<Part, double[]> dealt) {
    Part best = Part.TRAIN;
    double most = Double.NEGATIVE_INFINITY;
    for (Part part : Part.values()) {
      double need = 0;
      for (int m = 0; m < Group.MEASURES; m++) {
        if (group.measure(m) > 0) {
          double share = shares.of(part, m % 2 == 0);
          double fill = at(dealt, part)[m] / (share * totals[m]);
          need += (1 - fill) * group.measure(m) / totals[m];
        }
      }
      if (need > most) {
        most = need;
        best = part;
      }
    }
    return best;
  }

  private static void check(Part part, double[] dealt, String source) {
    for (int label = 0; label < 2; label++) {
      if (dealt[2 + label] < FEWEST_GROUPS) {
        throw new BadInput(
            String.format(
                Locale.ROOT,
                "%s: expected at least %d groups of %s rows in the %s part, found %d; more groups,"
                    + " or smaller ones, are needed",
                source,
                FEWEST_GROUPS,
                label == 0 ? "positive" : "other",
                part.label(),
                (int) dealt[2 + label]));
      }
    }
  }

  private static List<Group> groups(List<LabelledText> rows) {
    Map<String, List<LabelledText>> byGroup = new LinkedHashMap<>();
    for (LabelledText row : Groups.joined(rows)) {
      byGroup.computeIfAbsent(row.group(), group -> new ArrayList<>()).add(row);
    }
    List<Group> groups = new ArrayList<>();
    byGroup.values().forEach(members -> groups.add(Group.of(members)));
    return groups;
  }

  private static void add(double[] sums, Group group) {
    for (int m = 0; m < Group.MEASURES; m++) {
      sums[m] += group.measure(m);
    }
  }

  private static <V> V at(Map<Part, V> map, Part part) {
    V value = map.get(part);
    if (value == null) {
      throw new IllegalStateException("no value for " + part);
    }
    return value;
  }

  /** Rows that stay together. */
  private record Group(List<LabelledText> rows, int positives) {
    static final int MEASURES = 4;

    static Group of(List<LabelledText> rows) {
      return new Group(rows, (int) rows.stream().filter(LabelledText::positive).count());
    }

    int size() {
      return rows.size();
    }

    /** Even ones measure positive rows, odd ones the others. */
    double measure(int index) {
      int others = rows.size() - positives;
      return switch (index) {
        case 0 -> positives;
        case 1 -> others;
        case 2 -> positives > 0 ? 1 : 0;
        default -> others > 0 ? 1 : 0;
      };
    }
  }
}
