package io.innerspan.djl.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;
import static net.bytebuddy.matcher.ElementMatchers.takesNoArguments;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;

/** Observes what the blocks of a model that is defined in Java give, and when models end. */
final class BlockInstrumentation implements TypeInstrumentation {
  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return namedOneOf("ai.djl.nn.AbstractBaseBlock", "ai.djl.BaseModel");
  }

  @Override
  public void transform(TypeTransformer transformer) {
    String name = getClass().getName();
    // One method for every block that DJL ships, and final.
    transformer.applyAdviceToMethod(
        named("forward")
            .and(isPublic())
            .and(takesArguments(4))
            .and(takesArgument(1, named("ai.djl.ndarray.NDList")))
            .and(takesArgument(2, boolean.class)),
        name + "$ForwardAdvice");
    transformer.applyAdviceToMethod(
        named("close").and(isPublic()).and(takesNoArguments()), name + "$CloseAdvice");
  }

  @SuppressWarnings("unused")
  public static class ForwardAdvice {
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static @Nullable Object enter(
        @Advice.This Object block,
        @Advice.Argument(1) @Nullable NDList inputs,
        @Advice.Argument(2) boolean training) {
      return Predictions.blockBegins(block, inputs, training);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static void exit(
        @Advice.Enter @Nullable Object call,
        @Advice.Return @Nullable NDList outputs,
        @Advice.Thrown @Nullable Throwable failure) {
      if (call != null) {
        Predictions.blockEnds(call, failure == null ? outputs : null);
      }
    }
  }

  @SuppressWarnings("unused")
  public static class CloseAdvice {
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static void enter(@Advice.This Object model) {
      if (model instanceof Model closed) {
        Models.closed(closed);
      }
    }
  }
}
