package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.List;

/**
 * The parameter of a block in which token ids are looked up, and nothing else: found by what the
 * block gives when its rows and the ids are changed together.
 *
 * @param parameter {@code [vocabulary, width]}
 * @param ids which of the inputs holds the ids
 */
record EmbeddingTable(Parameter parameter, int ids) {
  /** Each costs two runs, for which whoever closes the model may have to wait. */
  private static final int MOST_TRIED = 8;

  /** Many models have padding there, which they may treat apart: a table must do so too. */
  private static final long OTHER_ID = 0;

  /**
   * Finds the table.
   *
   * @param inputs one row of an inference
   * @param manager to which what is made belongs
   * @throws SaliencyRefusedException when there is none, or it is used for more than the ids
   */
  static EmbeddingTable find(
      BlockNetwork network, CopiedParameters parameters, RowInputs inputs, NDManager manager)
      throws SaliencyRefusedException {
    int ids = inputs.ids();
    RowInputs others = inputs.with(ids, inputs.get(ids).filled(OTHER_ID));
    NDList own = network.run(inputs.repeated(manager, 1));
    NDList other = network.run(others.repeated(manager, 1));
    long[] tokens = inputs.get(ids).integers();
    List<Parameter> tables =
        parameters.asked().stream()
            .filter(each -> isTable(each, tokens))
            .limit(MOST_TRIED)
            .toList();
    for (Parameter each : tables) {
      EmbeddingTable table = new EmbeddingTable(each, ids);
      if (table.gives(own, network, parameters, inputs, manager)
          && table.gives(other, network, parameters, others, manager)) {
        return table;
      }
    }
    throw new SaliencyRefusedException(
        "expected a parameter [vocabulary, width] in which the ids are looked up and nothing else,"
            + " found "
            + tables.stream().map(Parameter::getName).toList()
            + ", none of which is");
  }

  private static boolean isTable(Parameter parameter, long[] tokens) {
    NDArray array = parameter.getArray();
    Shape shape = array.getShape();
    return array.getDataType() == DataType.FLOAT32
        && shape.dimension() == 2
        && shape.get(0) >= tokens.length
        && Arrays.stream(tokens).allMatch(token -> token >= 0 && token < shape.get(0));
  }

  /** Whether the model gives the same when the ids are looked up in rows of their own. */
  private boolean gives(
      NDList expected,
      BlockNetwork network,
      CopiedParameters parameters,
      RowInputs inputs,
      NDManager manager) {
    try {
      NDArray rows = rows(parameters, inputs, manager);
      long tokens = rows.getShape().get(0);
      NDArray table = parameters.copyOf(parameter);
      // As many rows as before: whatever else reads the table finds others, but not too few.
      if (tokens < table.getShape().get(0)) {
        NDArray rest = table.get(new NDIndex("{}:", tokens));
        rest.attach(manager);
        rows = rows.concat(rest);
      }
      return isSame(run(network, parameters, inputs.repeated(manager, 1), rows), expected);
    } catch (RuntimeException e) {
      return false; // What some layer does with another table's rows is not known.
    }
  }

  private static boolean isSame(NDList found, NDList expected) {
    boolean same = found.size() == expected.size();
    boolean scores = false;
    for (int i = 0; same && i < expected.size(); i++) {
      if (expected.get(i).getDataType() == DataType.FLOAT32) {
        scores = true;
        same = isSame(found.get(i), expected.get(i));
      }
    }
    return same && scores;
  }

  private static boolean isSame(NDArray found, NDArray expected) {
    if (!found.getShape().equals(expected.getShape())) {
      return false;
    }
    float[] values = found.toFloatArray();
    float[] others = expected.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      if (!Target.isSame(values[i], others[i])) {
        return false;
      }
    }
    return true;
  }

  /** The rows of a row's tokens, {@code [tokens, width]}. */
  NDArray rows(CopiedParameters parameters, RowInputs inputs, NDManager manager) {
    NDArray tokens = manager.create(inputs.get(ids).integers());
    NDArray rows = parameters.copyOf(parameter).get(tokens);
    rows.attach(manager);
    return rows;
  }

  /**
   * Runs the block on rows of tokens instead of the table.
   *
   * @param inputs whose ids are replaced by the numbers of the rows
   * @param rows {@code [batch · tokens, width]}, or more
   */
  NDList run(BlockNetwork network, CopiedParameters parameters, NDList inputs, NDArray rows) {
    NDArray given = inputs.get(ids);
    long[] numbers = new long[(int) given.size()];
    Arrays.setAll(numbers, i -> i);
    NDArray counted =
        given.getManager().create(numbers, given.getShape()).toType(given.getDataType(), false);
    counted.setName(given.getName());
    NDList all = new NDList(inputs);
    all.set(ids, counted);
    return parameters.replacing(parameter, rows, () -> network.run(all));
  }
}
