package io.innerspan.workbench.evaluate;

import io.innerspan.signals.pack.SeenData;
import io.innerspan.workbench.data.Groups;
import io.innerspan.workbench.data.LabelledText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of the data what would be training on the test: rows whose text or group the pack has
 * seen or the baselines learn from, and every row that shares a group with one of them.
 *
 * @param rows what is left, groups joined
 * @param byPack rows taken out because the pack has seen their text or their group
 * @param byTraining further rows taken out because their text or group is in the training file
 * @param digests whether the pack has digests of what it has seen
 * @param copies further rows whose text another row has before them
 * @param kept whether they are among the rows
 */
public record Exclusion(
    List<LabelledText> rows,
    int byPack,
    int byTraining,
    boolean digests,
    int copies,
    boolean kept) {
  /**
   * Leaves out what is known.
   *
   * @param train what else is learnt from, or nothing
   * @param seen what the pack has seen, or null when it does not say
   */
  public static Exclusion of(
      List<LabelledText> data, List<LabelledText> train, @Nullable SeenData seen) {
    List<LabelledText> left = data;
    if (seen != null) {
      SeenData.Lookup lookup = seen.lookup();
      left = without(left, row -> lookup.hasText(row.text()) || lookup.hasGroup(row.group()));
    }
    int byPack = data.size() - left.size();
    Set<String> texts = new HashSet<>();
    train.forEach(row -> texts.add(SeenData.normalised(row.text())));
    Set<String> groups = new HashSet<>(Groups.named(train));
    left =
        without(
            left,
            row -> texts.contains(SeenData.normalised(row.text())) || groups.contains(row.group()));
    int byTraining = data.size() - byPack - left.size();
    int copies = left.size() - Groups.withoutCopies(left).size();
    return new Exclusion(Groups.joined(left), byPack, byTraining, seen != null, copies, true);
  }

  /** Each text once. */
  Exclusion withoutCopies() {
    return new Exclusion(Groups.withoutCopies(rows), byPack, byTraining, digests, copies, false);
  }

  /** The rows of which neither they nor any of their group are known. */
  private static List<LabelledText> without(
      List<LabelledText> rows, Predicate<LabelledText> known) {
    List<LabelledText> joined = Groups.joined(rows);
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      if (known.test(rows.get(i))) {
        taken.add(joined.get(i).group());
      }
    }
    List<LabelledText> left = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!taken.contains(joined.get(i).group())) {
        left.add(rows.get(i));
      }
    }
    return left;
  }
}
