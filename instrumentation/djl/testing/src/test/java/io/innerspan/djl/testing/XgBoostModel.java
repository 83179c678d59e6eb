package io.innerspan.djl.testing;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Models of XGBoost in its JSON format: one tree of one split for each class. */
final class XgBoostModel {
  private static final String TREE =
      """
      {"base_weights":[0.0,LEFT,RIGHT],"categories":[],"categories_nodes":[],
      "categories_segments":[],"categories_sizes":[],"default_left":[0,0,0],"id":ID,
      "left_children":[1,-1,-1],"right_children":[2,-1,-1],"parents":[2147483647,0,0],
      "loss_changes":[1.0,0.0,0.0],"split_conditions":[AT,LEFT,RIGHT],
      "split_indices":[FEATURE,0,0],"split_type":[0,0,0],"sum_hessian":[2.0,1.0,1.0],
      "tree_param":{"num_deleted":"0","num_feature":"COUNT","num_nodes":"3",
      "size_leaf_vector":"1"}}""";

  private static final String MODEL =
      """
      {"learner":{"attributes":{},"feature_names":[],"feature_types":[],
      "gradient_booster":{"model":{"gbtree_model_param":{"num_parallel_tree":"1",
      "num_trees":"COUNT"},"iteration_indptr":[0,COUNT],"tree_info":[INFO],"trees":[TREES]},
      "name":"gbtree"},"learner_model_param":{"base_score":"5E-1","boost_from_average":"1",
      "num_class":"COUNT","num_feature":"COUNT","num_target":"1"},
      "objective":{"name":"multi:softprob","softmax_multiclass_param":{"num_class":"COUNT"}}},
      "version":[2,0,0]}""";

  /** A model that gives the probabilities of as many classes as it has trees and features. */
  static String json(List<Split> trees) {
    String all =
        IntStream.range(0, trees.size())
            .mapToObj(i -> trees.get(i).fill(TREE).replace("ID", Integer.toString(i)))
            .collect(Collectors.joining(","));
    String info =
        IntStream.range(0, trees.size())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(","));
    return MODEL
        .replace("INFO", info)
        .replace("TREES", all)
        .replace("COUNT", Integer.toString(trees.size()))
        .replace("\n", "");
  }

  private XgBoostModel() {}
}
