package io.innerspan.onnxruntime.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.isStatic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.AssignReturned;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions. The three-argument methods, which all others call: a constructor's exit could not
 * fall back to the original model.
 */
final class OrtEnvironmentInstrumentation implements TypeInstrumentation {
  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return named("ai.onnxruntime.OrtEnvironment");
  }

  @Override
  public void transform(TypeTransformer transformer) {
    transformer.applyAdviceToMethod(
        named("createSession")
            .and(not(isStatic()))
            .and(takesArguments(3))
            .and(takesArgument(1, named("ai.onnxruntime.OrtAllocator"))),
        getClass().getName() + "$CreateSessionAdvice");
  }

  @SuppressWarnings("unused")
  public static class CreateSessionAdvice {
    @Advice.OnMethodEnter(
        skipOn = Advice.OnNonDefaultValue.class,
        suppress = Throwable.class,
        inline = false)
    public static Object @Nullable [] enter(
        @Advice.This OrtEnvironment environment,
        @Advice.Argument(0) Object model,
        @Advice.Argument(2) OrtSession.SessionOptions options) {
      return Sessions.open(environment, model, options);
    }

    @AssignReturned.ToReturned(index = Outcome.VALUE)
    @AssignReturned.ToThrown(index = Outcome.FAILURE)
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static Object @Nullable [] exit(@Advice.Enter Object @Nullable [] outcome) {
      return outcome;
    }
  }
}
