package io.innerspan.workbench.data;

import io.innerspan.signals.pack.SeenData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Groups of rows that must not be torn apart. */
public final class Groups {
  /** Prefixes a group made of one row; a file's own group names cannot contain this character. */
  private static final char SINGLETON = '\u0000';

  /** The group of a row that belongs to none. */
  public static String ofOne(long row) {
    return SINGLETON + "" + row;
  }

  /** Whether a group has a name of the file's own. */
  public static boolean isNamed(String group) {
    return group.isEmpty() || group.charAt(0) != SINGLETON;
  }

  /** The names that the file itself gives to groups of these rows. */
  public static List<String> named(Collection<LabelledText> rows) {
    return rows.stream().map(LabelledText::group).filter(Groups::isNamed).distinct().toList();
  }

  /**
   * The same rows, with groups that share a text joined under one name: a copy in another part
   * would be training on the test.
   */
  public static List<LabelledText> joined(List<LabelledText> rows) {
    Map<String, String> parent = new HashMap<>();
    Map<String, String> groupOfText = new HashMap<>();
    for (LabelledText row : rows) {
      String root = root(parent, row.group());
      String other = groupOfText.putIfAbsent(SeenData.normalised(row.text()), root);
      if (other != null) {
        parent.put(root, root(parent, other));
      }
    }
    List<LabelledText> joined = new ArrayList<>(rows.size());
    for (LabelledText row : rows) {
      String root = root(parent, row.group());
      joined.add(new LabelledText(row.row(), row.text(), row.label(), row.positive(), root));
    }
    return joined;
  }

  /**
   * Each text once, in whatever spacing and case: the first row that has it. A copy that the file
   * labels otherwise stays.
   */
  public static List<LabelledText> withoutCopies(List<LabelledText> rows) {
    Set<String> texts = new HashSet<>();
    return rows.stream()
        .filter(row -> texts.add(row.positive() + " " + SeenData.normalised(row.text())))
        .toList();
  }

  /**
   * Of each group one of the given rows, drawn by the seed: the texts of one template say nearly
   * the same, and must not count as many.
   *
   * @param groups by row
   * @param rows which rows to draw from
   */
  public static int[] oneOfEach(List<String> groups, int[] rows, long seed) {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int row : rows) {
      members.computeIfAbsent(groups.get(row), group -> new ArrayList<>()).add(row);
    }
    Random random = new Random(seed);
    return members.values().stream()
        .mapToInt(group -> group.get(random.nextInt(group.size())))
        .toArray();
  }

  private static String root(Map<String, String> parent, String group) {
    String root = group;
    for (String up = parent.get(root); up != null && !up.equals(root); up = parent.get(root)) {
      root = up;
    }
    return root;
  }

  private Groups() {}
}
