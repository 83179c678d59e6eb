package io.innerspan.examples.djltext.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

/** Calls blocks of one input and one output. */
record Call(ParameterStore parameters, boolean training) {
  NDArray of(Block block, NDArray input) {
    return block.forward(parameters, new NDList(input), training).singletonOrThrow();
  }
}
