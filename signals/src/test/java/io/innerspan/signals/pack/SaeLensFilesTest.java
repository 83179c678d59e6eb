package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import io.innerspan.signals.Sae.Normalization;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.SmallSae;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What SAELens' versions write into a folder is read as it is. */
class SaeLensFilesTest {
  private static final String SHAPE = "'d_in': 3, 'd_sae': 4, 'dtype': 'float32', 'device': 'cpu'";

  @TempDir private Path folder = Path.of("");

  @Test
  void read_version6_isTheAutoencoder() throws IOException {
    SaeFeatures signal =
        read(
            "{'architecture': 'topk', "
                + SHAPE
                + ", 'apply_b_dec_to_input': false, 'normalize_activations': 'layer_norm',"
                + " 'reshape_activations': 'hook_z', 'k': 2, 'rescale_acts_by_decoder_norm': true,"
                + " 'metadata': {'sae_lens_version': '6.12.1', 'model_name': 'gpt2',"
                + " 'hook_name': 'blocks.4.attn.hook_z', 'hook_head_index': null,"
                + " 'neuronpedia_id': 'gpt2-small/4-att-kk', 'prepend_bos': true,"
                + " 'model_from_pretrained_kwargs': {'center_writing_weights': true}}}",
            weights());

    assertThat(signal.sae())
        .isEqualTo(SmallSae.of(SmallSae.topK(true), Normalization.LAYER_NORM, false));
    assertThat(signal.hookPoint()).isEqualTo(new HookPoint("blocks.4.attn.hook_z"));
    assertThat(signal.dictionary().pointer(3)).isEqualTo("/gpt2-small/4-att-kk/3");
  }

  /** Names of before version 6: hook_point, activation_fn_str, activation_fn_kwargs.k. */
  @Test
  void read_beforeVersion6_isTheAutoencoder() throws IOException {
    Map<String, Tensor> weights = weights();
    weights.put("scaling_factor", Tensor.ofFloats(new float[] {1, 1, 1, 1}));
    SaeFeatures signal =
        read(
            "{"
                + SHAPE
                + ", 'model_name': 'gpt2-small', 'hook_point': 'blocks.7.hook_resid_pre',"
                + " 'hook_point_layer': 7, 'hook_point_head_index': null,"
                + " 'activation_fn_str': 'topk', 'activation_fn_kwargs': {'k': 2},"
                + " 'finetuning_scaling_factor': false, 'normalize_activations': 'none',"
                + " 'normalize_sae_decoder': true, 'l1_coefficient': 8e-05, 'lr': 0.0004}",
            weights);

    assertThat(signal.sae()).isEqualTo(SmallSae.of(SmallSae.topK(false), Normalization.NONE, true));
    assertThat(signal.hookPoint()).isEqualTo(new HookPoint("blocks.7.hook_resid_pre"));
    assertThat(signal.dictionary().neuronpedia()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none                     | NONE
          expected_average_only_in | EXPECTED_AVERAGE_ONLY_IN
          constant_norm_rescale    | CONSTANT_NORM_RESCALE
          layer_norm               | LAYER_NORM
          """)
  void read_everyNormalisation_isNamedAsThere(String name, Normalization normalization)
      throws IOException {
    assertThat(
            read("{'architecture':'standard'," + SHAPE + ",'normalize_activations':'" + name + "'}")
                .sae())
        .isEqualTo(SmallSae.of(SmallSae.STANDARD, normalization, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'normalize_activations': true  | EXPECTED_AVERAGE_ONLY_IN
          'normalize_activations': false | NONE
          'normalize_activations': null  | NONE
          'normalized': 1                | NONE
          """)
  void read_normalisationOfTheFirstVersions_isWhatItMeant(
      String option, Normalization normalization) throws IOException {
    assertThat(read("{" + SHAPE + ", " + option + "}").sae().normalization())
        .isEqualTo(normalization);
  }

  /** A batch top-k autoencoder is saved for use as a jumprelu one, with its threshold. */
  @Test
  void read_jumpReluAndGated_haveTheirTensors() throws IOException {
    Map<String, Tensor> jump = weights();
    jump.put("threshold", Tensor.ofFloats(new float[] {.5f, 2, .1f, .7f}));
    assertThat(read("{'architecture': 'jumprelu', " + SHAPE + "}", jump).sae().activation())
        .isEqualTo(SmallSae.JUMP_RELU);

    Map<String, Tensor> gated = weights();
    gated.remove("b_enc");
    gated.put("b_gate", Tensor.ofFloats(new float[] {-1, .5f, 3, .1f}));
    gated.put("b_mag", Tensor.ofFloats(new float[] {.1f, .2f, -.3f, .4f}));
    gated.put("r_mag", Tensor.ofFloats(new float[] {0, .5f, -.5f, 1}));
    assertThat(read("{'architecture': 'gated', " + SHAPE + "}", gated).sae().activation())
        .isEqualTo(SmallSae.GATED);
  }

  @Test
  void read_halfPrecision_isWidened() throws IOException {
    Map<String, Tensor> weights = weights();
    weights.replaceAll((name, tensor) -> bfloat16(tensor));
    Activation activation =
        read("{'architecture':'standard'," + SHAPE + "}", weights).sae().activation();
    assertThat(((Activation.Standard) activation).bias().get(2)).isEqualTo(0.3984375f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'architecture': 'transcoder'  | architecture: expected one of [standard, topk, jumprelu, gated], found 'transcoder'
          'architecture': 'batchtopk'   | architecture: expected one of [standard, topk, jumprelu, gated], found 'batchtopk'
          'architecture': 'standard', 'normalize_activations': 'whiten' | normalize_activations: expected one of [none, expected_average_only_in, constant_norm_rescale, layer_norm], found 'whiten'
          'activation_fn': 'tanh-relu', 'finetuning_scaling_factor': true, 'hook_head_index': 3 | options: expected only those that are computed here, found finetuning_scaling_factor true, hook_head_index 3, activation_fn 'tanh-relu'
          'architecture': 'standard', 'metadata': {}, 'normalize_decoder': true, 'noise': 0.1, 'off': false | options: expected only those that are computed here, found normalize_decoder true, noise 0.1
          'architecture': 'standard', 'reshape_activations': 'fold' | options: expected only those that are computed here, found reshape_activations 'fold'
          'architecture': 'topk', 'k': 5 | k: expected from 1 to 4, found 5
          'architecture': 'jumprelu'    | tensor 'threshold': expected to be there, found nothing
          'apply_b_dec_to_input': 1     | apply_b_dec_to_input: expected true or false, found 1
          """)
  void read_otherOption_isRefusedInOneMessage(String options, String message) {
    assertThatThrownBy(() -> read("{" + SHAPE + ", " + options + "}"))
        .isInstanceOf(PackException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'d_in': 3}", "{'d_in': 3, 'd_sae': 0}", "[]", "", "{'d_in': NaN}"})
  void read_configThatIsNone_isRefusedByItsName(String config) {
    assertThatThrownBy(() -> read(config))
        .isInstanceOf(PackException.class)
        .hasMessageContaining(": sae.cfg.json: ");
  }

  @Test
  void read_otherShape_isRefused() {
    assertThatThrownBy(() -> read("{'d_in': 3, 'd_sae': 5}"))
        .hasMessageContaining(
            "sae.sae_weights.safetensors: tensor 'W_enc': expected the shape [3, 5], found F32[3, 4]");
    Map<String, Tensor> scaled = weights();
    scaled.put("scaling_factor", Tensor.ofFloats(new float[] {1, 2, 1, 1}));
    assertThatThrownBy(() -> read("{" + SHAPE + "}", scaled))
        .hasMessageContaining("tensor 'scaling_factor': expected ones");
  }

  /** Large F32 weights are a view of their file's bytes. */
  @Test
  void floats_largeTensor_isNotCopied() throws IOException {
    int rows = 1 << 10;
    byte[] file =
        SafetensorsWriter.toBytes(
            Map.of("w", Tensor.ofFloats(new float[rows * rows], rows, rows)), Map.of());
    ByteBuffer bytes = ByteBuffer.wrap(file);
    PackTensors tensors =
        PackTensors.verify(
            new PackSource() {
              @Override
              public String name() {
                return "test";
              }

              @Override
              public List<String> names() {
                return List.of("f");
              }

              @Override
              public ByteBuffer read(String name, long maxBytes) {
                return bytes.duplicate();
              }
            },
            Map.of("f", new Manifest.FileDigest(Sha256.hex(file), file.length)),
            PackLimits.DEFAULT);
    TensorRef reference = new TensorRef("path", "f", "w");
    Floats floats = tensors.floats(reference, tensors.get(reference));
    bytes.order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - Float.BYTES, 7);
    assertThat(floats.get(rows * rows - 1)).isEqualTo(7);
  }

  private SaeFeatures read(String config) throws IOException {
    return read(config, weights());
  }

  /** Writes a pack around SAELens' two files and reads it. */
  private SaeFeatures read(String config, Map<String, Tensor> weights) throws IOException {
    byte[] json = config.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    byte[] tensors = SafetensorsWriter.toBytes(weights, Map.of());
    Files.write(folder.resolve("sae.cfg.json"), json);
    Files.write(folder.resolve("sae.sae_weights.safetensors"), tensors);
    String hook = config.contains("hook_") ? "" : "'hook_point':'h',";
    String manifest =
        "{'schema_version':'1.0','name':'n','version':'0.1.0','licence':'MIT','model':{'name':'m',"
            + "'sha256':'%s'},'files':{".formatted("0".repeat(64))
            + "'sae.cfg.json':{'sha256':'%s','size':%d},".formatted(Sha256.hex(json), json.length)
            + "'sae.sae_weights.safetensors':{'sha256':'%s','size':%d}},"
                .formatted(Sha256.hex(tensors), tensors.length)
            + "'signals':[{'id':'s','kind':'sae_features',"
            + hook
            + "'sae':{'config':{'file':'sae.cfg.json'},"
            + "'weights':{'file':'sae.sae_weights.safetensors'}},'scope':'tokens','top':1}]}";
    Files.writeString(folder.resolve("probe.json"), manifest.replace('\'', '"'));
    return (SaeFeatures) PackReader.read(folder).signals().get(0);
  }

  private static Map<String, Tensor> weights() {
    Sae sae = SmallSae.of(SmallSae.STANDARD, Normalization.NONE, true);
    Map<String, Tensor> tensors = new TreeMap<>();
    tensors.put("W_enc", Tensor.ofFloats(sae.encoder().toArray(), 3, 4));
    tensors.put("W_dec", Tensor.ofFloats(sae.decoder().toArray(), 4, 3));
    tensors.put("b_dec", Tensor.ofFloats(sae.decoderBias().toArray()));
    tensors.put("b_enc", Tensor.ofFloats(new float[] {.2f, -.1f, .4f, -.3f}));
    return tensors;
  }

  private static Tensor bfloat16(Tensor tensor) {
    float[] values = tensor.toFloats();
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
    }
    return new Tensor(DType.BF16, tensor.shape(), bytes.flip());
  }
}
