package io.innerspan.djl.javaagent;

import static io.opentelemetry.javaagent.extension.matcher.AgentElementMatchers.extendsClass;
import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import java.util.Collections;
import java.util.List;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;

/**
 * Observes predictions. Subclasses too, whose methods may or may not call those that they override.
 */
final class PredictorInstrumentation implements TypeInstrumentation {
  @Override
  public ElementMatcher<ClassLoader> classLoaderOptimization() {
    return new DjlInstrumentationModule().classLoaderMatcher();
  }

  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return extendsClass(named("ai.djl.inference.Predictor"));
  }

  @Override
  public void transform(TypeTransformer transformer) {
    String name = getClass().getName();
    transformer.applyAdviceToMethod(
        isConstructor().and(takesArguments(4)).and(takesArgument(0, named("ai.djl.Model"))),
        name + "$CreateAdvice");
    transformer.applyAdviceToMethod(
        named("batchPredict").and(isPublic()).and(takesArguments(List.class)),
        name + "$BatchAdvice");
    transformer.applyAdviceToMethod(
        named("streamingPredict").and(isPublic()).and(takesArguments(1)), name + "$StreamAdvice");
    transformer.applyAdviceToMethod(
        named("predictInternal")
            .and(takesArguments(2))
            .and(takesArgument(0, named("ai.djl.translate.TranslatorContext")))
            .and(takesArgument(1, named("ai.djl.ndarray.NDList"))),
        name + "$ForwardAdvice");
    // DJL's own mark between the inputs of a batch that are not put into one tensor.
    transformer.applyAdviceToMethod(
        named("postProcessEnd").and(takesArguments(long.class, int.class)), name + "$OutputAdvice");
  }

  @SuppressWarnings("unused")
  public static class CreateAdvice {
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static void exit(
        @Advice.FieldValue("model") @Nullable Model model,
        @Advice.FieldValue("block") @Nullable Block block) {
      Predictions.created(model, block);
    }
  }

  @SuppressWarnings("unused")
  public static class BatchAdvice {
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static @Nullable Object enter(
        @Advice.This Predictor<?, ?> predictor,
        @Advice.FieldValue("model") @Nullable Model model,
        @Advice.FieldValue("block") @Nullable Block block,
        @Advice.Argument(0) @Nullable List<?> inputs) {
      return Predictions.begin(predictor, model, block, inputs);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static void exit(
        @Advice.Enter @Nullable Object call,
        @Advice.Return @Nullable List<?> outputs,
        @Advice.Thrown @Nullable Throwable failure) {
      Predictions.end(call, failure, outputs);
    }
  }

  @SuppressWarnings("unused")
  public static class StreamAdvice {
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static @Nullable Object enter(
        @Advice.This Predictor<?, ?> predictor,
        @Advice.FieldValue("model") @Nullable Model model,
        @Advice.FieldValue("block") @Nullable Block block,
        @Advice.Argument(0) @Nullable Object input) {
      return Predictions.begin(predictor, model, block, Collections.singletonList(input));
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static void exit(
        @Advice.Enter @Nullable Object call, @Advice.Thrown @Nullable Throwable failure) {
      Predictions.end(call, failure, null);
    }
  }

  @SuppressWarnings("unused")
  public static class ForwardAdvice {
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static void enter(@Advice.This Predictor<?, ?> predictor) {
      Predictions.forwardBegins(predictor);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static void exit(
        @Advice.This Predictor<?, ?> predictor,
        @Advice.Argument(1) @Nullable NDList inputs,
        @Advice.Return @Nullable NDList outputs,
        @Advice.Thrown @Nullable Throwable failure) {
      Predictions.forwardEnds(predictor, inputs, failure == null ? outputs : null);
    }
  }

  @SuppressWarnings("unused")
  public static class OutputAdvice {
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static void exit(
        @Advice.This Predictor<?, ?> predictor, @Advice.Argument(1) int outputs) {
      Predictions.outputsMade(predictor, outputs);
    }
  }
}
