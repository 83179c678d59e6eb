package io.innerspan.testing.models;

import java.util.Locale;

/** How an exporter names tensors. */
public enum Naming {
  /** {@code Add_12}. */
  OPERATORS,
  /** {@code 164}, and {@code input.19} for sums: TorchScript-based exporters of PyTorch 1. */
  TORCHSCRIPT,
  /** {@code add_349}: PyTorch 2's exporter. */
  DYNAMO;

  String tensor(String operator, int number) {
    return switch (this) {
      case OPERATORS -> operator + "_" + number;
      case TORCHSCRIPT -> operator.equals("Add") ? "input." + number : Integer.toString(number);
      case DYNAMO -> operator.toLowerCase(Locale.ROOT) + "_" + number;
    };
  }

  String node(String operator, int number) {
    return switch (this) {
      case OPERATORS, TORCHSCRIPT -> operator + "_" + number;
      case DYNAMO -> "node_" + operator + "_" + number;
    };
  }

  String weight(int number) {
    return switch (this) {
      case OPERATORS -> "w_" + number;
      case TORCHSCRIPT -> "onnx::MatMul_" + number;
      case DYNAMO -> "val_" + number;
    };
  }
}
