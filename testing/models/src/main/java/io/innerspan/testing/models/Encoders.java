package io.innerspan.testing.models;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.Traits.OrtVersion;
import io.innerspan.testing.models.TransformerFixture.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Encoders as BERT and its pre-LN relatives. */
final class Encoders {
  private static final TransformerFixture POST = TransformerFixture.postNorm();
  private static final TransformerFixture PRE = TransformerFixture.preNorm();

  private Encoders() {}

  static List<SmallModel> all() {
    List<SmallModel> models = new ArrayList<>();
    for (Head head : Head.values()) {
      String suffix =
          switch (head) {
            case NONE -> "";
            case CLASSIFIER -> "-classifier";
            case MASKED_LM -> "-masked-lm";
          };
      models.add(model("encoder-post-ln" + suffix, POST.withHead(head)));
      models.add(model("encoder-post-ln-decomposed" + suffix, POST.spelledOut(14).withHead(head)));
      models.add(model("encoder-pre-ln" + suffix, PRE.withHead(head)));
      models.add(model("encoder-pre-ln-decomposed" + suffix, PRE.spelledOut(14).withHead(head)));
    }
    models.add(model("encoder-without-mask", POST.withMask(null)));
    models.add(model("encoder-one-layer", POST.withLayers(1)));
    for (DataType mask : List.of(DataType.INT32, DataType.BOOL, DataType.FLOAT)) {
      models.add(
          model("encoder-mask-" + mask.name().toLowerCase(Locale.ROOT), POST.withMask(mask)));
    }
    return models;
  }

  private static SmallModel model(String name, TransformerFixture fixture) {
    return fixture.named(name, OrtVersion.V1_12_1);
  }
}
