package io.innerspan.testing.models;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.Traits.OrtVersion;
import io.innerspan.testing.models.TransformerFixture.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The same encoder and decoder in other precisions, operator sets and namings. */
final class Dialects {
  private static final TransformerFixture POST = TransformerFixture.postNorm();
  private static final TransformerFixture PRE = TransformerFixture.preNorm();

  private Dialects() {}

  static List<SmallModel> all() {
    List<SmallModel> models = new ArrayList<>(quantized());
    models.addAll(halves());
    models.addAll(rootMeanSquare());
    models.addAll(operatorSets());
    models.addAll(namings());
    return models;
  }

  private static List<SmallModel> quantized() {
    Style qdq = Style.POST_NORM.with(Style.Linear.QDQ);
    Style dynamic = Style.POST_NORM.with(Style.Linear.DYNAMIC);
    Style decoder = Style.PRE_NORM.with(Style.Linear.DYNAMIC);
    return List.of(
        POST.with(qdq).named("encoder-int8-qdq", OrtVersion.V1_12_1),
        POST.with(dynamic).named("encoder-int8-dynamic", OrtVersion.V1_12_1),
        POST.with(dynamic)
            .withHead(Head.CLASSIFIER)
            .named("encoder-int8-dynamic-classifier", OrtVersion.V1_12_1),
        Decoders.decoder("decoder-int8-dynamic", decoder, 17, false));
  }

  private static List<SmallModel> halves() {
    return List.of(
        POST.withType(DataType.FLOAT16).named("encoder-fp16", OrtVersion.V1_12_1),
        PRE.withType(DataType.FLOAT16).named("encoder-pre-ln-fp16", OrtVersion.V1_12_1),
        POST.spelledOut(14)
            .withType(DataType.FLOAT16)
            .named("encoder-fp16-decomposed", OrtVersion.V1_12_1),
        POST.withType(DataType.FLOAT16)
            .withHead(Head.CLASSIFIER)
            .named("encoder-fp16-classifier", OrtVersion.V1_12_1),
        Decoders.decoder("decoder-fp16", Style.PRE_NORM, 17, DataType.FLOAT16, false),
        POST.withType(DataType.BFLOAT16).named("encoder-bf16-weights", OrtVersion.V1_12_1));
  }

  private static List<SmallModel> rootMeanSquare() {
    Style decomposed = Style.PRE_NORM.with(Style.Norm.RMS_SPELLED_OUT);
    Style simplified = Style.PRE_NORM.with(Style.Norm.RMS_SIMPLIFIED);
    Style standard = Style.PRE_NORM.with(Style.Norm.RMS_FUSED);
    return List.of(
        Decoders.decoder("decoder-rms-decomposed", decomposed, 14, false),
        Decoders.decoder("decoder-rms-simplified", simplified, 17, true),
        PRE.with(standard).withOpset(23).named("encoder-rms-opset-23", OrtVersion.V1_29_0));
  }

  private static List<SmallModel> operatorSets() {
    List<SmallModel> models = new ArrayList<>();
    for (long opset : List.of(9, 10, 11, 12, 13, 15, 16, 17)) {
      models.add(named("encoder-post-ln-opset-" + opset, POST.spelledOut(opset)));
      models.add(named("encoder-pre-ln-opset-" + opset, PRE.spelledOut(opset)));
    }
    models.add(POST.withOpset(18).named("encoder-opset-18", OrtVersion.V1_17_3));
    models.add(POST.spelledOut(18).named("encoder-decomposed-opset-18", OrtVersion.V1_17_3));
    models.add(POST.withOpset(19).named("encoder-opset-19", OrtVersion.V1_17_3));
    models.add(POST.withOpset(20).named("encoder-opset-20", OrtVersion.V1_17_3));
    models.add(POST.withOpset(21).named("encoder-opset-21", OrtVersion.V1_20_0));
    models.add(POST.withOpset(22).named("encoder-opset-22", OrtVersion.V1_29_0));
    models.add(POST.withOpset(23).named("encoder-opset-23", OrtVersion.V1_29_0));
    models.add(PRE.spelledOut(23).named("encoder-pre-ln-opset-23", OrtVersion.V1_29_0));
    models.add(POST.withOpset(24).named("encoder-opset-24", OrtVersion.V1_29_0));
    models.add(POST.withOpset(25).named("encoder-opset-25", OrtVersion.V1_29_0));
    models.add(PRE.withOpset(26).named("encoder-pre-ln-opset-26", OrtVersion.V1_29_0));
    return models;
  }

  private static List<SmallModel> namings() {
    List<SmallModel> models = new ArrayList<>();
    for (Naming naming : List.of(Naming.TORCHSCRIPT, Naming.DYNAMO)) {
      String suffix = "-" + naming.name().toLowerCase(Locale.ROOT);
      models.add(named("encoder-post-ln" + suffix, POST.spelledOut(14).withNaming(naming)));
      models.add(named("encoder-pre-ln" + suffix, PRE.withNaming(naming)));
    }
    return models;
  }

  private static SmallModel named(String name, TransformerFixture fixture) {
    return fixture.named(name, OrtVersion.V1_12_1);
  }
}
