package io.innerspan.onnxruntime.graft;

/**
 * What to feed to an added input of a model with interventions: a float tensor, whatever the type
 * of the model's activations.
 *
 * @param input the name of the input
 * @param values row-major
 * @param shape the sizes of the tensor
 */
@SuppressWarnings("ArrayRecordComponent")
public record Control(String input, float[] values, long[] shape) {}
