package io.innerspan.djl.javaagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On the real engine. */
class SamplesTest {
  /** More bytes than a process can address. */
  private static final long HUGE = 1L << 46;

  private static final SaliencyMemory PLENTY =
      new SaliencyMemory() {
        @Override
        public boolean reserve(long bytes) {
          return true;
        }

        @Override
        public void release(long bytes) {}
      };

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final Samples samples = new Samples();

  /** What was told of samples. */
  private static final class Told implements ExplainedInferences {
    final List<SaliencyWork> works = new ArrayList<>();
    final List<SaliencyMissingException.Reason> missing = new ArrayList<>();

    @Override
    public boolean isSampled() {
      return true;
    }

    @Override
    public void explain(SaliencyWork work) {
      works.add(work);
    }

    @Override
    public void notExplained(SaliencyMissingException exception) {
      missing.add(exception.reason());
    }
  }

  /** Has room, once a thread has ended. */
  private record RoomOnceEnded(Thread thread) implements SaliencyMemory {
    @Override
    public boolean reserve(long bytes) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return true;
    }

    @Override
    public void release(long bytes) {}
  }

  /** What the model does in its middle. */
  private interface Middle {
    void run(NDManager manager);
  }

  /** The square of its input. */
  private static Block squares(Middle middle) {
    return new AbstractBlock() {
      @Override
      protected NDList forwardInternal(
          ParameterStore parameters,
          NDList inputs,
          boolean training,
          PairList<String, Object> more) {
        middle.run(inputs.head().getManager());
        return new NDList(inputs.head().square());
      }

      @Override
      public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
      }
    };
  }

  /** A product with a weight; whoever asks for its parameters is told when they are read. */
  private static final class Scaled extends AbstractBlock {
    private final CountDownLatch asked;
    private final CountDownLatch goOn;
    private final Parameter weight =
        addParameter(Parameter.builder().setName("weight").setType(Parameter.Type.WEIGHT).build());

    Scaled(NDManager weights, CountDownLatch asked, CountDownLatch goOn) {
      weight.setArray(weights.ones(new Shape(1)));
      this.asked = asked;
      this.goOn = goOn;
    }

    @Override
    public ParameterList getParameters() {
      ParameterList parameters = super.getParameters();
      asked.countDown();
      SamplesTest.await(goOn);
      return parameters;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
      NDArray input = inputs.head();
      return new NDList(input.mul(parameters.getValue(weight, input.getDevice(), training)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return inputs;
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Told take(Block block) {
    Told told = new Told();
    NDList inputs = new NDList(manager.create(new float[][] {{1, 2, 3}}));
    NDList outputs = new NDList(inputs.head().square());
    samples.take(told, block, null, inputs, outputs);
    return told;
  }

  @Test
  void engineWithoutMemory_isAnOutOfMemoryError() {
    Told told = take(squares(engine -> engine.ones(new Shape(HUGE))));
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> told.works.get(0).explain("integrated_gradients", "zero", PLENTY))
        .withCauseInstanceOf(EngineException.class)
        .withMessageContaining("allocate memory");
    samples.close();
  }

  @Test
  void engineThatFailsOtherwise_failsAsItDoes() {
    Told told =
        take(squares(engine -> engine.ones(new Shape(2, 3)).matMul(engine.ones(new Shape(2, 3)))));
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> told.works.get(0).explain("integrated_gradients", "zero", PLENTY));
    samples.close();
  }

  @Test
  void request_whileAClosingModelWaitsForAnExplanation_doesNotWait() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Block block =
        squares(
            engine -> {
              running.countDown();
              await(goOn);
            });
    Told told = take(block);
    Thread explaining = new Thread(() -> explain(told.works.get(0)));
    explaining.start();
    running.await();
    Thread closing = new Thread(samples::close);
    closing.start();
    while (closing.getState() == Thread.State.NEW || closing.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    // Were it to wait for the lock of the one that closes, it would wait for ever.
    assertThat(take(block).missing).containsExactly(SaliencyMissingException.Reason.MODEL_CLOSED);
    goOn.countDown();
    explaining.join();
    closing.join();
  }

  @Test
  void modelThatIsClosed_whileItsCopyIsMeasured_isClosedAndNotFailed() throws Exception {
    CountDownLatch measuring = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    NDManager weights = manager.newSubManager();
    Told told = take(new Scaled(weights, measuring, goOn));
    Thread closing =
        new Thread(
            () -> {
              samples.close(); // As the agent does before the application's own model is closed.
              weights.close();
            });
    // Between measuring and copying: else the copy may be explained before the model is closed.
    SaliencyMemory onceClosed = new RoomOnceEnded(closing);
    FutureTask<Saliency> explaining =
        new FutureTask<>(() -> told.works.get(0).explain("occlusion", "zero", onceClosed));
    new Thread(explaining).start();
    measuring.await();
    closing.start();
    while (closing.getState() == Thread.State.NEW || closing.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    goOn.countDown();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(explaining::get)
        .withCauseInstanceOf(SaliencyMissingException.class)
        .withMessageContaining("the model was closed");
    closing.join();
  }

  private static void explain(SaliencyWork work) {
    try {
      Objects.requireNonNull(work.explain("occlusion", "zero", PLENTY));
    } catch (Exception e) {
      // The model was closed meanwhile.
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
