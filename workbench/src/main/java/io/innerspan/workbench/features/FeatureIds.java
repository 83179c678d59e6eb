package io.innerspan.workbench.features;

import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names features by their content: what a feature reads and writes, in which model and where, and
 * what all features of its autoencoder share: the normalisation, the bias that is subtracted, the
 * number that TopK keeps. The index is no part of it, nor are the texts that a dictionary is built
 * on, so an id stays when features are put in another order or the dictionary is built again. Nor
 * are the other features' weights, with which TopK lets a feature compete.
 */
final class FeatureIds {
  private static final int HEX = 24;

  /** The ids of all features: {@code f} and 24 hexadecimal digits of a SHA-256. */
  static String[] of(Sae sae, String modelSha256, String hookPoint) {
    String[] ids = new String[sae.features()];
    byte[] where =
        (modelSha256
                + "\n"
                + hookPoint
                + "\n"
                + sae.normalization()
                + "\n"
                + sae.activation().getClass().getSimpleName()
                + shared(sae.activation())
                + "\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] bias = subtracted(sae);
    float[] encoder = sae.encoder().toArray();
    float[] decoder = sae.decoder().toArray();
    for (int f = 0; f < ids.length; f++) {
      MessageDigest digest = sha256();
      digest.update(where);
      digest.update(bias);
      ByteBuffer values =
          ByteBuffer.allocate((2 * sae.in() + 3) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int d = 0; d < sae.in(); d++) {
        // 0 and −0 read and write the same.
        values.putFloat(encoder[d * ids.length + f] + 0f);
      }
      for (int d = 0; d < sae.in(); d++) {
        values.putFloat(decoder[f * sae.in() + d] + 0f);
      }
      putActivation(sae.activation(), f, values);
      digest.update(values.array(), 0, values.position());
      ids[f] = "f" + HexFormat.of().formatHex(digest.digest()).substring(0, HEX);
    }
    return ids;
  }

  private static String shared(Activation activation) {
    return activation instanceof Activation.TopK topK
        ? " " + topK.k() + (topK.rescaleByDecoderNorm() ? " rescaled" : "")
        : "";
  }

  /** What is taken from an activation before it is encoded; nothing where nothing is. */
  private static byte[] subtracted(Sae sae) {
    if (!sae.subtractDecoderBias()) {
      return new byte[0];
    }
    ByteBuffer values = ByteBuffer.allocate(sae.in() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int d = 0; d < sae.in(); d++) {
      put(values, sae.decoderBias(), d);
    }
    return values.array();
  }

  private static void putActivation(Activation activation, int f, ByteBuffer values) {
    if (activation instanceof Activation.Standard standard) {
      put(values, standard.bias(), f);
    } else if (activation instanceof Activation.TopK topK) {
      put(values, topK.bias(), f);
    } else if (activation instanceof Activation.JumpRelu jump) {
      put(values, jump.bias(), f);
      put(values, jump.threshold(), f);
    } else if (activation instanceof Activation.Gated gated) {
      put(values, gated.gateBias(), f);
      put(values, gated.magnitudeBias(), f);
      put(values, gated.magnitudeScale(), f);
    }
  }

  private static void put(ByteBuffer values, Floats from, int f) {
    values.putFloat(from.get(f) + 0f);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private FeatureIds() {}
}
