package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.Floats;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sparse autoencoder as SAELens saves it: {@code cfg.json} and {@code sae_weights.safetensors}.
 */
final class SaeLensFiles {
  /** What the two files hold. */
  record Contents(Sae sae, @Nullable String hookName, @Nullable String neuronpedia) {}

  private final SignalInput files;
  private final SaeLensConfig config;

  private SaeLensFiles(SignalInput files, SaeLensConfig config) {
    this.files = files;
    this.config = config;
  }

  /** Reads the files that an object with {@code config} and {@code weights} names. */
  static Contents read(SignalInput files) throws PackException {
    String configFile = file(files, "config");
    String weightsFile = file(files, "weights");
    files.tidy().check(files.fields());
    Contents known = files.tensors().autoencoder(configFile, weightsFile);
    if (known != null) {
      return known;
    }
    SaeLensConfig config;
    try {
      config =
          SaeLensConfig.read(files.tensors().bytes(files.fields().at("config.file"), configFile));
    } catch (InvalidValueException fault) {
      throw new PackException(files.tensors().pack(), configFile, fault);
    }
    Sae sae = new SaeLensFiles(files, config).sae(weightsFile);
    Contents contents = new Contents(sae, config.hookName(), config.neuronpedia());
    files.tensors().keep(configFile, weightsFile, contents);
    return contents;
  }

  private static String file(SignalInput files, String name) {
    Fields reference = files.fields().object(name);
    String file = ManifestReader.fileName(reference.at("file"), reference.text("file"));
    files.tidy().check(reference);
    return file;
  }

  private Sae sae(String weights) throws PackException {
    checkScalingFactor(weights);
    int in = config.in();
    int features = config.features();
    Floats encoder = tensor(weights, "W_enc", in, features);
    Floats decoder = tensor(weights, "W_dec", features, in);
    Floats decoderBias = tensor(weights, "b_dec", in);
    Activation activation = activation(weights, features);
    return files
        .fields()
        .build(
            () ->
                new Sae(
                    in,
                    features,
                    activation,
                    config.normalization(),
                    config.subtractDecoderBias(),
                    encoder,
                    decoder,
                    decoderBias));
  }

  private Activation activation(String weights, int features) throws PackException {
    return switch (config.architecture()) {
      case STANDARD -> new Activation.Standard(tensor(weights, "b_enc", features));
      case TOPK ->
          new Activation.TopK(
              tensor(weights, "b_enc", features), config.k(), config.rescaleByDecoderNorm());
      case JUMPRELU ->
          new Activation.JumpRelu(
              tensor(weights, "b_enc", features), tensor(weights, "threshold", features));
      case GATED ->
          new Activation.Gated(
              tensor(weights, "b_gate", features),
              tensor(weights, "b_mag", features),
              tensor(weights, "r_mag", features));
    };
  }

  /** Old files may hold one of ones, which scales nothing. */
  private void checkScalingFactor(String weights) throws PackException {
    TensorRef reference = reference(weights, "scaling_factor");
    if (files.tensors().has(reference)) {
      for (float factor : files.tensors().get(reference).toFloats()) {
        if (Math.abs(factor - 1) > 1e-5) {
          throw new PackException(
              files.tensors().pack(),
              weights,
              "tensor 'scaling_factor'",
              "ones: an autoencoder that is not rescaled after training",
              factor);
        }
      }
    }
  }

  private Floats tensor(String weights, String name, int... shape) throws PackException {
    TensorRef reference = reference(weights, name);
    Tensor tensor = files.tensors().get(reference);
    boolean right = tensor.rank() == shape.length;
    for (int axis = 0; right && axis < shape.length; axis++) {
      right = tensor.dim(axis) == shape[axis];
    }
    if (!right) {
      throw files.tensors().wrongShape(reference, Arrays.toString(shape), tensor);
    }
    return files.tensors().floats(reference, tensor);
  }

  private TensorRef reference(String weights, String name) {
    return new TensorRef(files.fields().at("weights.file"), weights, name);
  }

  /** Writes the files, once for all signals that share the autoencoder, and names them. */
  static void write(SaeFeatures signal, SignalOutput out) throws IOException {
    String owner = out.saes().putIfAbsent(signal.sae(), signal.id());
    String id = owner == null ? signal.id() : owner;
    if (owner == null) {
      out.files().put(id + ".cfg.json", config(signal));
      out.files().put(id + ".sae_weights.safetensors", weightsBytes(signal.sae()));
    }
    out.json().name("sae").beginObject();
    out.file("config", id + ".cfg.json");
    out.file("weights", id + ".sae_weights.safetensors");
    out.json().endObject();
  }

  static byte[] weightsBytes(Sae sae) {
    return SafetensorsWriter.toBytes(weights(sae), Map.of());
  }

  static byte[] config(SaeFeatures signal) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setIndent("  ");
      SaeLensConfig.write(signal, json);
    }
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Tensor> weights(Sae sae) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("W_enc", Tensor.ofFloats(sae.encoder().buffer(), sae.in(), sae.features()));
    tensors.put("W_dec", Tensor.ofFloats(sae.decoder().buffer(), sae.features(), sae.in()));
    tensors.put("b_dec", Tensor.ofFloats(sae.decoderBias().buffer()));
    if (sae.activation() instanceof Activation.Standard standard) {
      tensors.put("b_enc", Tensor.ofFloats(standard.bias().buffer()));
    } else if (sae.activation() instanceof Activation.TopK topK) {
      tensors.put("b_enc", Tensor.ofFloats(topK.bias().buffer()));
    } else if (sae.activation() instanceof Activation.JumpRelu jump) {
      tensors.put("b_enc", Tensor.ofFloats(jump.bias().buffer()));
      tensors.put("threshold", Tensor.ofFloats(jump.threshold().buffer()));
    } else if (sae.activation() instanceof Activation.Gated gated) {
      tensors.put("b_gate", Tensor.ofFloats(gated.gateBias().buffer()));
      tensors.put("b_mag", Tensor.ofFloats(gated.magnitudeBias().buffer()));
      tensors.put("r_mag", Tensor.ofFloats(gated.magnitudeScale().buffer()));
    }
    return tensors;
  }
}
