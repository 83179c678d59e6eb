package io.innerspan.workbench.sae;

import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import java.util.Arrays;

/**
 * Encodes many activations by any autoencoder in SAELens' format; agrees with {@link
 * io.innerspan.signals.reference.ReferenceSae}. Not thread-safe; holds native memory until closed.
 */
public final class SaeEncoder implements AutoCloseable {
  /** Pre-activations that are in memory at once. */
  private static final int MOST = 1 << 22;

  private static final double LAYER_NORM_EPSILON = 1e-5;

  private final Sae sae;
  private final Gemm gemm;
  private final float[] decoder;
  private final float[] decoderBias;
  private final float[] bias;
  private final float[] decoderNorms;

  public SaeEncoder(Sae sae) {
    this.sae = sae;
    int in = sae.in();
    int features = sae.features();
    float[] encoder = sae.encoder().toArray();
    float[] transposed = new float[encoder.length];
    for (int d = 0; d < in; d++) {
      for (int f = 0; f < features; f++) {
        transposed[f * in + d] = encoder[d * features + f];
      }
    }
    decoder = sae.decoder().toArray();
    decoderBias = sae.decoderBias().toArray();
    bias = bias(sae.activation());
    decoderNorms = new float[features];
    for (int f = 0; f < features; f++) {
      decoderNorms[f] =
          rescales() ? (float) Math.sqrt(Vectors.dot(decoder, f * in, decoder, f * in, in)) : 1;
    }
    gemm = new Gemm(in, features);
    // A gated autoencoder has two biases: they are added where the product is used.
    boolean gated = sae.activation() instanceof Activation.Gated;
    gemm.set(transposed, gated ? new float[features] : bias);
  }

  private static float[] bias(Activation activation) {
    if (activation instanceof Activation.TopK topK) {
      return topK.bias().toArray();
    }
    if (activation instanceof Activation.JumpRelu jump) {
      return jump.bias().toArray();
    }
    return activation instanceof Activation.Gated gated
        ? gated.gateBias().toArray()
        : ((Activation.Standard) activation).bias().toArray();
  }

  private boolean rescales() {
    return sae.activation() instanceof Activation.TopK topK && topK.rescaleByDecoderNorm();
  }

  /** The autoencoder. */
  public Sae sae() {
    return sae;
  }

  /** How many rows should be encoded at once. */
  public int batch() {
    return Math.max(1, Math.min(4096, MOST / Math.max(sae.in(), sae.features())));
  }

  /**
   * The features of rows.
   *
   * @param x {@code [n, in]}
   */
  public SparseCode encode(float[] x) {
    return encoded(x).code();
  }

  /**
   * Reconstructions of rows.
   *
   * @param x {@code [n, in]}
   */
  public float[] reconstruct(float[] x) {
    return decode(encoded(x));
  }

  Encoded encoded(float[] x) {
    int in = sae.in();
    int n = x.length / in;
    float[] shift = new float[n];
    float[] scale = new float[n];
    float[] normal = x.clone();
    for (int row = 0; row < n; row++) {
      normalize(normal, row, shift, scale);
    }
    return new Encoded(select(gemm.multiply(normal), n), shift, scale);
  }

  float[] decode(Encoded encoded) {
    int in = sae.in();
    SparseCode code = encoded.code();
    float[] x = new float[code.rows() * in];
    for (int row = 0; row < code.rows(); row++) {
      int from = row * in;
      System.arraycopy(decoderBias, 0, x, from, in);
      for (int i = code.splits()[row]; i < code.splits()[row + 1]; i++) {
        int feature = code.features()[i];
        float weight = code.values()[i] / decoderNorms[feature];
        Vectors.add(x, from, weight, decoder, feature * in, in);
      }
      for (int d = from; d < from + in; d++) {
        x[d] = x[d] * encoded.scale()[row] + encoded.shift()[row];
      }
    }
    return x;
  }

  private void normalize(float[] x, int row, float[] shift, float[] scale) {
    int in = sae.in();
    int from = row * in;
    double inverse = 1;
    double mean = 0;
    scale[row] = 1;
    switch (sae.normalization()) {
      case NONE, EXPECTED_AVERAGE_ONLY_IN -> {}
      case CONSTANT_NORM_RESCALE -> {
        double squares = 0;
        for (int d = from; d < from + in; d++) {
          squares += (double) x[d] * x[d];
        }
        inverse = Math.sqrt(in / squares);
        scale[row] = (float) (1 / inverse);
      }
      case LAYER_NORM -> {
        double squares = 0;
        for (int d = from; d < from + in; d++) {
          mean += (double) x[d] / in;
        }
        for (int d = from; d < from + in; d++) {
          squares += (x[d] - mean) * (x[d] - mean);
        }
        double deviation = Math.sqrt(squares / (in - 1));
        inverse = 1 / (deviation + LAYER_NORM_EPSILON);
        shift[row] = (float) mean;
        scale[row] = (float) deviation;
      }
    }
    for (int d = 0; d < in; d++) {
      float value = (float) ((x[from + d] - mean) * inverse);
      x[from + d] = value - (sae.subtractDecoderBias() ? decoderBias[d] : 0);
    }
  }

  private SparseCode select(float[] pre, int n) {
    int features = sae.features();
    if (sae.activation() instanceof Activation.TopK topK) {
      if (rescales()) {
        for (int i = 0; i < pre.length; i++) {
          pre[i] *= decoderNorms[i % features];
        }
      }
      return Selection.topK(pre, features, topK.k());
    }
    float[] thresholds = new float[features];
    float[] magnitudeBias = new float[0];
    float[] magnitude = new float[0];
    if (sae.activation() instanceof Activation.JumpRelu jump) {
      thresholds = jump.threshold().toArray();
    } else if (sae.activation() instanceof Activation.Gated gated) {
      magnitudeBias = gated.magnitudeBias().toArray();
      magnitude = gated.magnitudeScale().toArray();
      for (int f = 0; f < features; f++) {
        magnitude[f] = (float) Math.exp(magnitude[f]);
      }
    }
    int[] splits = new int[n + 1];
    int[] index = new int[Math.max(16, n * 64)];
    float[] value = new float[index.length];
    int at = 0;
    for (int row = 0; row < n; row++) {
      for (int f = 0; f < features; f++) {
        float p = pre[row * features + f];
        if (magnitude.length > 0) {
          p = p + bias[f] > 0 ? p * magnitude[f] + magnitudeBias[f] : 0;
        }
        if (p > 0 && p > thresholds[f]) {
          if (at == index.length) {
            index = Arrays.copyOf(index, 2 * at);
            value = Arrays.copyOf(value, 2 * at);
          }
          index[at] = f;
          value[at++] = p;
        }
      }
      splits[row + 1] = at;
    }
    return new SparseCode(splits, Arrays.copyOf(index, at), Arrays.copyOf(value, at));
  }

  @Override
  public void close() {
    gemm.close();
  }
}
