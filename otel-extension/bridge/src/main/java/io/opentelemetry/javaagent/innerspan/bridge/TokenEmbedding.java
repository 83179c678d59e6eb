package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.Map;

/**
 * What makes a model of tokens start at their embeddings.
 *
 * @param tensor the embeddings, {@code [batch, tokens, width]}, which become an output
 * @param edits what changes in the model's file: the new bytes by how many bytes lie before them
 * @param appended what goes behind its bytes
 * @param maskInput an added input of float32 that is 1 where other values hold, and 0 where the
 *     model's own do
 * @param valuesInput the added input of other values, float32
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenEmbedding(
    String tensor,
    Map<Integer, byte[]> edits,
    byte[] appended,
    String maskInput,
    String valuesInput) {}
