package io.innerspan.onnxruntime.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.declaresMethod;
import static net.bytebuddy.matcher.ElementMatchers.isDeclaredBy;
import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;
import static net.bytebuddy.matcher.ElementMatchers.takesNoArguments;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.AssignReturned;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;

/** Observes a session's runs, and answers what it is asked while a graft is in its stead. */
final class OrtSessionInstrumentation implements TypeInstrumentation {
  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return named("ai.onnxruntime.OrtSession");
  }

  @Override
  public void transform(TypeTransformer transformer) {
    String name = getClass().getName();
    ElementMatcher.Junction<MethodDescription> pinnedRun =
        named("run").and(isPublic()).and(takesArguments(4)).and(takesArgument(2, Map.class));
    transformer.applyAdviceToMethod(pinnedRun, name + "$PinnedRunAdvice");
    // The last of the calls in versions without pinned outputs.
    transformer.applyAdviceToMethod(
        named("run")
            .and(isPublic())
            .and(takesArguments(3))
            .and(takesArgument(1, Set.class))
            .and(takesArgument(2, named("ai.onnxruntime.OrtSession$RunOptions")))
            .and(isDeclaredBy(not(declaresMethod(pinnedRun)))),
        name + "$RunAdvice");
    transformer.applyAdviceToMethod(
        namedOneOf(
                "getInputNames",
                "getOutputNames",
                "getNumInputs",
                "getNumOutputs",
                "getInputInfo",
                "getOutputInfo",
                "getMetadata",
                "getProfilingStartTimeInNs",
                "endProfiling")
            .and(isPublic())
            .and(takesNoArguments()),
        name + "$QuestionAdvice");
    transformer.applyAdviceToMethod(named("close").and(takesNoArguments()), name + "$CloseAdvice");
  }

  @SuppressWarnings("unused")
  public static class PinnedRunAdvice {
    @Advice.OnMethodEnter(
        skipOn = Advice.OnNonDefaultValue.class,
        suppress = Throwable.class,
        inline = false)
    public static Object @Nullable [] enter(
        @Advice.This OrtSession session,
        @Advice.Argument(0) Map<String, OnnxTensor> inputs,
        @Advice.Argument(1) Set<String> requested,
        @Advice.Argument(2) @Nullable Map<String, OnnxValue> pinned,
        @Advice.Argument(3) OrtSession.@Nullable RunOptions options) {
      return pinned == null ? null : Sessions.run(session, inputs, requested, pinned, options);
    }

    @AssignReturned.ToReturned(index = Outcome.VALUE)
    @AssignReturned.ToThrown(index = Outcome.FAILURE)
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static Object @Nullable [] exit(@Advice.Enter Object @Nullable [] outcome) {
      return outcome;
    }
  }

  @SuppressWarnings("unused")
  public static class RunAdvice {
    @Advice.OnMethodEnter(
        skipOn = Advice.OnNonDefaultValue.class,
        suppress = Throwable.class,
        inline = false)
    public static Object @Nullable [] enter(
        @Advice.This OrtSession session,
        @Advice.Argument(0) Map<String, OnnxTensor> inputs,
        @Advice.Argument(1) Set<String> requested,
        @Advice.Argument(2) OrtSession.@Nullable RunOptions options) {
      return Sessions.run(session, inputs, requested, null, options);
    }

    @AssignReturned.ToReturned(index = Outcome.VALUE)
    @AssignReturned.ToThrown(index = Outcome.FAILURE)
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static Object @Nullable [] exit(@Advice.Enter Object @Nullable [] outcome) {
      return outcome;
    }
  }

  @SuppressWarnings("unused")
  public static class QuestionAdvice {
    @Advice.OnMethodEnter(
        skipOn = Advice.OnNonDefaultValue.class,
        suppress = Throwable.class,
        inline = false)
    public static Object @Nullable [] enter(
        @Advice.This OrtSession session, @Advice.Origin("#m") String method) {
      return Sessions.ask(session, method);
    }

    @AssignReturned.ToReturned(index = Outcome.VALUE)
    @AssignReturned.ToThrown(index = Outcome.FAILURE)
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static Object @Nullable [] exit(@Advice.Enter Object @Nullable [] outcome) {
      return outcome;
    }
  }

  @SuppressWarnings("unused")
  public static class CloseAdvice {
    @Advice.OnMethodEnter(
        skipOn = Advice.OnNonDefaultValue.class,
        suppress = Throwable.class,
        inline = false)
    public static boolean enter(@Advice.This OrtSession session) {
      return Sessions.close(session);
    }
  }
}
