package io.innerspan.djl.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.isStatic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;
import static net.bytebuddy.matcher.ElementMatchers.takesNoArguments;

import ai.djl.ndarray.NDList;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import java.io.InputStream;
import java.nio.file.Path;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.AssignReturned;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;

/**
 * Loads and runs TorchScript modules so that they give readings. Names no type of the PyTorch
 * engine: applications on other engines do not have it.
 */
final class TorchScriptInstrumentation implements TypeInstrumentation {
  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return namedOneOf(
        "ai.djl.pytorch.jni.JniUtils",
        "ai.djl.pytorch.jni.IValueUtils",
        "ai.djl.pytorch.engine.PtSymbolBlock");
  }

  @Override
  public void transform(TypeTransformer transformer) {
    String name = getClass().getName();
    transformer.applyAdviceToMethod(
        named("loadModule").and(isStatic()).and(takesArgument(1, Path.class)),
        name + "$LoadAdvice");
    // Of the two kinds of streams, one that has more in it than the archive is left alone.
    transformer.applyAdviceToMethod(
        named("loadModule")
            .and(isStatic())
            .and(takesArguments(4))
            .and(takesArgument(1, InputStream.class))
            .and(takesArgument(3, boolean.class)),
        name + "$StreamLoadAdvice");
    transformer.applyAdviceToMethod(
        named("forward")
            .and(isStatic())
            .and(takesArguments(3))
            .and(takesArgument(1, named("ai.djl.ndarray.NDList")))
            .and(takesArgument(2, boolean.class)),
        name + "$ForwardAdvice");
    transformer.applyAdviceToMethod(named("close").and(takesNoArguments()), name + "$CloseAdvice");
  }

  @SuppressWarnings("unused")
  public static class LoadAdvice {
    @Advice.OnMethodEnter(
        skipOn = Advice.OnNonDefaultValue.class,
        suppress = Throwable.class,
        inline = false)
    public static Object @Nullable [] enter(@Advice.AllArguments Object[] arguments) {
      return Predictions.load(arguments);
    }

    @AssignReturned.ToReturned(index = Outcome.VALUE, typing = Assigner.Typing.DYNAMIC)
    @AssignReturned.ToThrown(index = Outcome.FAILURE, typing = Assigner.Typing.DYNAMIC)
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static Object @Nullable [] exit(
        @Advice.Enter Object @Nullable [] outcome,
        @Advice.Argument(1) @Nullable Path file,
        @Advice.Return(typing = Assigner.Typing.DYNAMIC) @Nullable Object module) {
      if (outcome == null) {
        Models.loaded(module, file);
      }
      return outcome;
    }
  }

  @SuppressWarnings("unused")
  public static class StreamLoadAdvice {
    @Advice.OnMethodEnter(
        skipOn = Advice.OnNonDefaultValue.class,
        suppress = Throwable.class,
        inline = false)
    public static Object @Nullable [] enter(
        @Advice.AllArguments Object[] arguments, @Advice.Argument(3) boolean hasSize) {
      return hasSize ? null : Predictions.load(arguments);
    }

    @AssignReturned.ToReturned(index = Outcome.VALUE, typing = Assigner.Typing.DYNAMIC)
    @AssignReturned.ToThrown(index = Outcome.FAILURE, typing = Assigner.Typing.DYNAMIC)
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static Object @Nullable [] exit(@Advice.Enter Object @Nullable [] outcome) {
      return outcome;
    }
  }

  @SuppressWarnings("unused")
  public static class ForwardAdvice {
    @Advice.OnMethodEnter(
        skipOn = Advice.OnNonDefaultValue.class,
        suppress = Throwable.class,
        inline = false)
    public static Object @Nullable [] enter(
        @Advice.Argument(value = 0, typing = Assigner.Typing.DYNAMIC) Object module,
        @Advice.Argument(1) NDList inputs,
        @Advice.Argument(2) boolean training) {
      return Predictions.run(module, inputs, training);
    }

    @AssignReturned.ToReturned(index = Outcome.VALUE, typing = Assigner.Typing.DYNAMIC)
    @AssignReturned.ToThrown(index = Outcome.FAILURE, typing = Assigner.Typing.DYNAMIC)
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static Object @Nullable [] exit(@Advice.Enter Object @Nullable [] outcome) {
      return outcome;
    }
  }

  @SuppressWarnings("unused")
  public static class CloseAdvice {
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static void enter(@Advice.This(typing = Assigner.Typing.DYNAMIC) Object module) {
      Models.closed(module);
    }
  }
}
