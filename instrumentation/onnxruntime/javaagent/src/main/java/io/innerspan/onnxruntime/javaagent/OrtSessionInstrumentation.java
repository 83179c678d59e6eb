package io.innerspan.onnxruntime.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.declaresMethod;
import static net.bytebuddy.matcher.ElementMatchers.isDeclaredBy;
import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;
import static net.bytebuddy.matcher.ElementMatchers.takesNoArguments;

import ai.onnxruntime.NodeInfo;
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

/** Observes a session's runs and hides the graft's output from everything it tells of itself. */
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
        named("getOutputNames").and(isPublic()).and(takesNoArguments()), name + "$NamesAdvice");
    transformer.applyAdviceToMethod(
        named("getNumOutputs").and(isPublic()).and(takesNoArguments()), name + "$CountAdvice");
    transformer.applyAdviceToMethod(
        named("getOutputInfo").and(isPublic()).and(takesNoArguments()), name + "$InfoAdvice");
    transformer.applyAdviceToMethod(
        named("getInputNames").and(isPublic()).and(takesNoArguments()), name + "$InputNamesAdvice");
    transformer.applyAdviceToMethod(
        named("getNumInputs").and(isPublic()).and(takesNoArguments()), name + "$InputCountAdvice");
    transformer.applyAdviceToMethod(
        named("getInputInfo").and(isPublic()).and(takesNoArguments()), name + "$InputInfoAdvice");
    transformer.applyAdviceToMethod(
        named("toString").and(takesNoArguments()), name + "$DescriptionAdvice");
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
  public static class NamesAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static Set<String> exit(
        @Advice.This OrtSession session, @Advice.Return Set<String> names) {
      return Sessions.outputNames(session, names);
    }
  }

  @SuppressWarnings("unused")
  public static class CountAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static long exit(@Advice.This OrtSession session, @Advice.Return long count) {
      return Sessions.numOutputs(session, count);
    }
  }

  @SuppressWarnings("unused")
  public static class InfoAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static Map<String, NodeInfo> exit(
        @Advice.This OrtSession session, @Advice.Return Map<String, NodeInfo> info) {
      return Sessions.outputInfo(session, info);
    }
  }

  @SuppressWarnings("unused")
  public static class InputNamesAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static Set<String> exit(
        @Advice.This OrtSession session, @Advice.Return Set<String> names) {
      return Sessions.inputNames(session, names);
    }
  }

  @SuppressWarnings("unused")
  public static class InputCountAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static long exit(@Advice.This OrtSession session, @Advice.Return long count) {
      return Sessions.numInputs(session, count);
    }
  }

  @SuppressWarnings("unused")
  public static class InputInfoAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static Map<String, NodeInfo> exit(
        @Advice.This OrtSession session, @Advice.Return Map<String, NodeInfo> info) {
      return Sessions.inputInfo(session, info);
    }
  }

  @SuppressWarnings("unused")
  public static class DescriptionAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static String exit(@Advice.This OrtSession session, @Advice.Return String description) {
      return Sessions.description(session, description);
    }
  }

  @SuppressWarnings("unused")
  public static class CloseAdvice {
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static void enter(@Advice.This OrtSession session) {
      Sessions.close(session);
    }
  }
}
