package io.innerspan.djl.javaagent;

import static io.opentelemetry.javaagent.extension.matcher.AgentElementMatchers.hasSuperType;
import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.returns;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;

import ai.djl.nn.Block;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import java.util.stream.Stream;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.AssignReturned;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;

/** Observes the stream that a prediction's outputs come from. */
final class StreamingBlockInstrumentation implements TypeInstrumentation {
  private static final String STREAMING_BLOCK = "ai.djl.inference.streaming.StreamingBlock";

  @Override
  public ElementMatcher<ClassLoader> classLoaderOptimization() {
    return new DjlInstrumentationModule().classLoaderMatcher();
  }

  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return hasSuperType(named(STREAMING_BLOCK));
  }

  @Override
  public void transform(TypeTransformer transformer) {
    transformer.applyAdviceToMethod(
        named("forwardStream")
            .and(not(isAbstract()))
            .and(takesArgument(2, boolean.class))
            .and(returns(Stream.class)),
        getClass().getName() + "$StreamAdvice");
  }

  @SuppressWarnings("unused")
  public static class StreamAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static Stream<?> exit(
        @Advice.This Block block,
        @Advice.Argument(2) boolean training,
        @Advice.Return Stream<?> outputs) {
      return training ? outputs : Predictions.observed(block, outputs);
    }
  }
}
