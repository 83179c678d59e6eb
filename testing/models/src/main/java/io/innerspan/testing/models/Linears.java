package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Products with weights, and a bias. */
final class Linears {
  /** Of quantised activations, which stay within ±4. */
  private static final float ACTIVATION_SCALE = 1f / 32;

  private Linears() {}

  static String linear(GraphWriter graph, Style.Linear style, String in, int from, int to) {
    String product =
        switch (style) {
          case PLAIN -> graph.node("MatMul", List.of(in, graph.weights(deviation(from), from, to)));
          case QDQ -> quantizeDequantize(graph, in, from, to);
          case DYNAMIC -> dynamic(graph, in, from, to);
        };
    return graph.node("Add", List.of(graph.weights(0.1, to), product));
  }

  /** 0.3 for small widths; wide sums stay as large. */
  private static double deviation(int from) {
    return from <= Blocks.HIDDEN ? 0.3 : 1 / Math.sqrt(from);
  }

  private static String quantizeDequantize(GraphWriter graph, String in, int from, int to) {
    String scale = graph.scalar(ACTIVATION_SCALE);
    String zero = graph.bytes(DataType.UINT8, new byte[] {(byte) 128});
    String quantized = graph.node("QuantizeLinear", List.of(in, scale, zero));
    String activations = graph.node("DequantizeLinear", List.of(quantized, scale, zero));
    Quantized weights = Quantized.of(graph.randoms(0, 0.3, from, to));
    String stored = graph.bytes(DataType.INT8, weights.values(), from, to);
    String dequantized =
        graph.node(
            "DequantizeLinear",
            List.of(
                stored, graph.scalar(weights.scale()), graph.bytes(DataType.INT8, new byte[] {0})));
    return graph.node("MatMul", List.of(activations, dequantized));
  }

  private static String dynamic(GraphWriter graph, String in, int from, int to) {
    String quantized = graph.fresh("Quantized");
    String scale = graph.fresh("Scale");
    String zero = graph.fresh("Zero");
    graph.add(quantized, "", "DynamicQuantizeLinear", List.of(in), List.of(quantized, scale, zero));
    Quantized weights = Quantized.of(graph.randoms(0, 0.3, from, to));
    String stored = graph.bytes(DataType.INT8, weights.values(), from, to);
    String product =
        graph.node(
            "MatMulInteger",
            List.of(quantized, stored, zero, graph.bytes(DataType.INT8, new byte[] {0})));
    String numbers =
        graph.node("Cast", List.of(product), integer("to", DataType.FLOAT.getNumber()));
    String both = graph.node("Mul", List.of(scale, graph.scalar(weights.scale())));
    return graph.node("Mul", List.of(numbers, both));
  }

  /**
   * Products with weights of four bits, one or several side by side in the output, as weights of
   * those widths one after the other give them.
   */
  static String fourBits(GraphWriter graph, String in, int from, int... widths) {
    int to = 0;
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    List<Float> scales = new ArrayList<>();
    for (int width : widths) {
      to += width;
      FourBits weights = FourBits.of(graph.randoms(0, 0.3, from, width), from, width);
      packed.writeBytes(weights.packed());
      for (float scale : weights.scales()) {
        scales.add(scale);
      }
    }
    int blocks = from / FourBits.BLOCK;
    float[] all = new float[scales.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = scales.get(i);
    }
    String stored =
        graph.bytes(DataType.UINT8, packed.toByteArray(), to, blocks, FourBits.BLOCK / 2);
    return graph.fused(
        "MatMulNBits",
        List.of(in, stored, graph.floats(all, all.length)),
        integer("K", from),
        integer("N", to),
        integer("bits", 4),
        integer("block_size", FourBits.BLOCK));
  }

  /** Weights in blocks of a scale each, from -8 to 7 steps of it, two to a byte. */
  @SuppressWarnings("ArrayRecordComponent")
  private record FourBits(byte[] packed, float[] scales) {
    /** The smallest that ONNX Runtime has. */
    static final int BLOCK = 16;

    /**
     * @param weights {@code [from, to]}, row by row
     */
    static FourBits of(float[] weights, int from, int to) {
      int blocks = from / BLOCK;
      byte[] packed = new byte[to * from / 2];
      float[] scales = new float[to * blocks];
      for (int column = 0; column < to; column++) {
        for (int block = 0; block < blocks; block++) {
          float largest = 0;
          for (int i = 0; i < BLOCK; i++) {
            largest = Math.max(largest, Math.abs(weights[(block * BLOCK + i) * to + column]));
          }
          int at = column * blocks + block;
          scales[at] = largest / 7;
          for (int i = 0; i < BLOCK; i++) {
            int steps = Math.round(weights[(block * BLOCK + i) * to + column] / scales[at]) + 8;
            packed[(at * BLOCK + i) / 2] |= (byte) (i % 2 == 0 ? steps : steps << 4);
          }
        }
      }
      return new FourBits(packed, scales);
    }
  }

  /** Weights in steps of a scale. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Quantized(byte[] values, float scale) {
    /**
     * Seven bits: where a processor has AVX2 and no VNNI, ONNX Runtime sums two products with
     * activations of up to 255 in 16 bits, which saturate with larger weights.
     */
    private static final int LARGEST = 64;

    static Quantized of(float[] weights) {
      float largest = 0;
      for (float weight : weights) {
        largest = Math.max(largest, Math.abs(weight));
      }
      float scale = largest / LARGEST;
      byte[] values = new byte[weights.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) Math.round(weights[i] / scale);
      }
      return new Quantized(values, scale);
    }
  }
}
