package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Predictions of every kind, each with a model of its own name. */
final class Predictions {
  static final float[] INPUT = {1, 2, 3};
  static final List<float[]> INPUTS = List.of(INPUT, new float[] {4, 5, 6}, new float[] {7, 8, 9});

  static void script(String file) throws Exception {
    try (Model model = Model.newInstance("script", "PyTorch")) {
      model.load(Path.of(file));
      predict(model, new FloatsTranslator(Batchifier.STACK));
      predict(model, new FloatsTranslator(Batchifier.STACK));
    }
  }

  static void imperative() throws Exception {
    try (Model model = linear("imperative")) {
      predict(model, new FloatsTranslator(Batchifier.STACK));
    }
  }

  static void oneByOne() throws Exception {
    try (Model model = linear("one-by-one")) {
      predict(model, new FloatsTranslator(null));
    }
  }

  static void subclass() throws Exception {
    try (Model model = linear("subclass");
        Predictor<float[], float[]> predictor = new CallsSuper(model)) {
      print(predictor.batchPredict(INPUTS));
    }
  }

  static void subclassWithoutSuper() throws Exception {
    try (Model model = linear("own-batch");
        Predictor<float[], float[]> predictor = new Answers(model)) {
      print(predictor.batchPredict(INPUTS));
    }
  }

  static void subclassWithItsOwnForward() throws Exception {
    try (Model model = linear("own-forward");
        Predictor<float[], float[]> predictor = new Forwards(model)) {
      print(predictor.batchPredict(INPUTS));
    }
  }

  static void nested() throws Exception {
    try (Model outer = linear("outer");
        Model inner = linear("inner");
        Predictor<float[], float[]> predictor =
            inner.newPredictor(new FloatsTranslator(Batchifier.STACK))) {
      predict(
          outer,
          new FloatsTranslator(Batchifier.STACK) {
            @Override
            public NDList processInput(TranslatorContext context, float[] input) throws Exception {
              predictor.predict(input);
              return super.processInput(context, input);
            }
          });
    }
  }

  static void failingInput() throws Exception {
    try (Model model = linear("failing-input")) {
      predict(
          model,
          new FloatsTranslator(Batchifier.STACK) {
            @Override
            public NDList processInput(TranslatorContext context, float[] input) {
              throw new NumberFormatException("no number");
            }
          });
    }
  }

  static void failingForward() throws Exception {
    try (Model model = linear("failing-forward");
        Predictor<float[], float[]> predictor =
            model.newPredictor(new FloatsTranslator(Batchifier.STACK))) {
      predictor.predict(new float[7]);
    } catch (TranslateException e) {
      System.out.println(e.getCause().getClass().getName());
    }
  }

  static Model linear(String name) {
    Block block = Linear.builder().setUnits(2).build();
    return model(name, block);
  }

  static Model model(String name, Block block) {
    Model model = Model.newInstance(name, Device.cpu(), "PyTorch");
    block.setInitializer(Initializer.ONES, Parameter.Type.WEIGHT);
    block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, INPUT.length));
    model.setBlock(block);
    return model;
  }

  private static void predict(Model model, FloatsTranslator translator) {
    try (Predictor<float[], float[]> predictor = model.newPredictor(translator)) {
      print(predictor.batchPredict(INPUTS));
    } catch (TranslateException e) {
      System.out.println(e);
    }
  }

  private static void print(List<float[]> outputs) {
    outputs.forEach(output -> System.out.println(Arrays.toString(output)));
  }

  /** As DJL Serving's predictor for Python does: it asks a process of its own. */
  private static final class Answers extends Predictor<float[], float[]> {
    Answers(Model model) {
      super(model, new FloatsTranslator(Batchifier.STACK), Device.cpu(), false);
    }

    @Override
    public List<float[]> batchPredict(List<float[]> inputs) {
      return inputs.stream().map(float[]::clone).toList();
    }
  }

  /** Runs no block. */
  private static final class Forwards extends Predictor<float[], float[]> {
    Forwards(Model model) {
      super(model, new FloatsTranslator(Batchifier.STACK), Device.cpu(), false);
    }

    @Override
    protected NDList predictInternal(TranslatorContext context, NDList list) {
      return new NDList(list.head().mul(2));
    }
  }

  /** Overrides all, and leaves the work to what it overrides. */
  private static final class CallsSuper extends Predictor<float[], float[]> {
    CallsSuper(Model model) {
      super(model, new FloatsTranslator(Batchifier.STACK), Device.cpu(), false);
    }

    @Override
    public List<float[]> batchPredict(List<float[]> inputs) throws TranslateException {
      return super.batchPredict(inputs);
    }

    @Override
    protected NDList predictInternal(TranslatorContext context, NDList list)
        throws TranslateException {
      return super.predictInternal(context, list);
    }
  }

  private Predictions() {}
}
