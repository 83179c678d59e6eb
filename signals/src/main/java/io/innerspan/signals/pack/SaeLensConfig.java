package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import io.innerspan.signals.Sae.Normalization;
import io.innerspan.signals.SaeFeatures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SAELens' {@code cfg.json}, of versions before 6 (one flat object) and since (with {@code
 * metadata}). What it says of training is passed over; an option that would change what the
 * autoencoder computes, and that is not computed here, is refused.
 *
 * @param in {@code d_in}
 * @param features {@code d_sae}
 * @param architecture the activation function
 * @param k of {@code topk}, else 0
 * @param rescaleByDecoderNorm {@code rescale_acts_by_decoder_norm}
 * @param normalization {@code normalize_activations}
 * @param subtractDecoderBias {@code apply_b_dec_to_input}
 * @param hookName where the autoencoder was trained, or null
 * @param neuronpedia its id at Neuronpedia, or null
 */
record SaeLensConfig(
    int in,
    int features,
    Architecture architecture,
    int k,
    boolean rescaleByDecoderNorm,
    Normalization normalization,
    boolean subtractDecoderBias,
    @Nullable String hookName,
    @Nullable String neuronpedia) {
  private static final int MOST = 1 << 24;

  /** Of SAELens 6, whose top level holds nothing but what the autoencoder computes. */
  private static final Set<String> KNOWN =
      Set.of(
          "architecture",
          "d_in",
          "d_sae",
          "dtype",
          "device",
          "apply_b_dec_to_input",
          "normalize_activations",
          "reshape_activations",
          "metadata",
          "k",
          "rescale_acts_by_decoder_norm");

  private static final String VERSION = "6.0.0";
  private static final int DEFAULT_K = 100;

  /** What SAELens calls the activation function. */
  enum Architecture {
    STANDARD,
    TOPK,
    JUMPRELU,
    GATED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static SaeLensConfig read(ByteBuffer json) {
    Fields config = Fields.of("", Json.parse(json));
    boolean flat = !config.has("metadata");
    Fields metadata = flat ? config : config.object("metadata");
    refuseOthers(config, metadata, flat);
    Architecture architecture = architecture(config);
    return new SaeLensConfig(
        size(config, "d_in"),
        size(config, "d_sae"),
        architecture,
        architecture == Architecture.TOPK ? k(config) : 0,
        config.flag("rescale_acts_by_decoder_norm", false),
        normalization(config),
        config.flag("apply_b_dec_to_input", true),
        firstText(metadata, "hook_name", "hook_point"),
        firstText(metadata, "neuronpedia_id"));
  }

  /** Before version 6 a top-k autoencoder is a standard one with another activation function. */
  private static Architecture architecture(Fields config) {
    String function = firstText(config, "activation_fn", "activation_fn_str");
    if ("topk".equals(function)) {
      return Architecture.TOPK;
    }
    String name = firstText(config, "architecture");
    return name == null
        ? Architecture.STANDARD
        : SignalInput.constant("architecture", name, Architecture.values(), Architecture::label);
  }

  private static int k(Fields config) {
    if (config.isOn("activation_fn_kwargs") && config.object("activation_fn_kwargs").isOn("k")) {
      return config.object("activation_fn_kwargs").whole("k");
    }
    return config.isOn("k") ? config.whole("k") : DEFAULT_K;
  }

  private static Normalization normalization(Fields config) {
    String name = "normalize_activations";
    if (!config.isOn(name)) {
      return Normalization.NONE;
    }
    // A mere true is what the first versions wrote.
    return config.isText(name)
        ? SignalInput.constant(
            name,
            config.text(name),
            Normalization.values(),
            each -> each.name().toLowerCase(Locale.ROOT))
        : Normalization.EXPECTED_AVERAGE_ONLY_IN;
  }

  private static int size(Fields config, String name) {
    int size = config.whole(name);
    if (size < 1 || size > MOST) {
      throw new InvalidValueException(name, "from 1 to " + MOST, size);
    }
    return size;
  }

  private static void refuseOthers(Fields config, Fields metadata, boolean flat) {
    List<String> others = new ArrayList<>();
    for (String name : config.names()) {
      if (!flat && !KNOWN.contains(name) && config.isOn(name)) {
        others.add(name + " " + config.shown(name));
      }
    }
    refuse(others, config, flat, "finetuning_scaling_factor");
    refuse(others, metadata, true, "hook_head_index");
    refuse(others, metadata, true, "hook_point_head_index");
    // The heads' outputs lie side by side in an ONNX graph, as the reshaping makes them.
    String reshape = firstText(config, "reshape_activations");
    if (reshape != null && !reshape.equals("none") && !reshape.equals("hook_z")) {
      others.add("reshape_activations '" + reshape + "'");
    }
    String function = firstText(config, "activation_fn", "activation_fn_str");
    if (flat && function != null && !function.equals("relu") && !function.equals("topk")) {
      others.add("activation_fn '" + function + "'");
    }
    if (!others.isEmpty()) {
      throw new InvalidValueException(
          "options", "only those that are computed here", String.join(", ", others));
    }
  }

  private static void refuse(List<String> others, Fields fields, boolean asked, String name) {
    if (asked && fields.isOn(name)) {
      others.add(name + " " + fields.shown(name));
    }
  }

  /** The first of the fields that holds a text. */
  private static @Nullable String firstText(Fields fields, String... names) {
    for (String name : names) {
      if (fields.isOn(name)) {
        return fields.text(name);
      }
    }
    return null;
  }

  /** Writes a signal's autoencoder as SAELens 6 does. */
  static void write(SaeFeatures signal, JsonWriter json) throws IOException {
    Sae sae = signal.sae();
    json.beginObject();
    json.name("architecture").value(architecture(sae.activation()).label());
    json.name("d_in").value(sae.in());
    json.name("d_sae").value(sae.features());
    json.name("dtype").value("float32");
    json.name("device").value("cpu");
    json.name("apply_b_dec_to_input").value(sae.subtractDecoderBias());
    json.name("normalize_activations").value(sae.normalization().name().toLowerCase(Locale.ROOT));
    json.name("reshape_activations").value("none");
    if (sae.activation() instanceof Activation.TopK topK) {
      json.name("k").value(topK.k());
      json.name("rescale_acts_by_decoder_norm").value(topK.rescaleByDecoderNorm());
    }
    json.name("metadata").beginObject();
    json.name("sae_lens_version").value(VERSION);
    json.name("hook_name").value(signal.hookPoint().name());
    json.name("neuronpedia_id").value(signal.dictionary().neuronpedia());
    json.endObject().endObject();
  }

  private static Architecture architecture(Activation activation) {
    if (activation instanceof Activation.TopK) {
      return Architecture.TOPK;
    }
    if (activation instanceof Activation.JumpRelu) {
      return Architecture.JUMPRELU;
    }
    return activation instanceof Activation.Gated ? Architecture.GATED : Architecture.STANDARD;
  }
}
