package io.innerspan.djl.testing;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Models of LightGBM in its text format: one tree of one split for each class. */
final class LightGbmModel {
  private static final String TREE =
      """
      Tree=ID
      num_leaves=2
      num_cat=0
      split_feature=FEATURE
      split_gain=1
      threshold=AT
      decision_type=2
      left_child=-1
      right_child=-2
      leaf_value=LEFT RIGHT
      leaf_weight=1 1
      leaf_count=1 1
      internal_value=0
      internal_weight=2
      internal_count=2
      is_linear=0
      shrinkage=1


      """;

  private static final String MODEL =
      """
      tree
      version=v3
      num_class=COUNT
      num_tree_per_iteration=COUNT
      label_index=0
      max_feature_idx=LAST
      objective=multiclass num_class:COUNT
      feature_names=NAMES
      feature_infos=RANGES
      tree_sizes=SIZES

      TREES
      end of trees
      """;

  /** A model that gives the probabilities of as many classes as it has trees. */
  static String text(List<Split> trees, int features) {
    List<String> all =
        IntStream.range(0, trees.size())
            .mapToObj(i -> trees.get(i).fill(TREE).replace("ID", Integer.toString(i)))
            .toList();
    return MODEL
        .replace("COUNT", Integer.toString(trees.size()))
        .replace("LAST", Integer.toString(features - 1))
        .replace("NAMES", join(IntStream.range(0, features).mapToObj(i -> "Column_" + i)))
        .replace("RANGES", join(IntStream.range(0, features).mapToObj(i -> "[0:1]")))
        .replace("SIZES", join(all.stream().map(tree -> Integer.toString(tree.length()))))
        .replace("TREES\n", String.join("", all));
  }

  private static String join(Stream<String> parts) {
    return parts.collect(Collectors.joining(" "));
  }

  private LightGbmModel() {}
}
