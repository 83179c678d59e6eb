package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import io.innerspan.djl.maths.Algebra;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Notes operations of DJL's NDArrays; a tensor is the number of a value of the program. */
final class NDAlgebra implements Algebra<Integer> {
  private final NDProgram program;
  private final Map<Double, Integer> scalars = new HashMap<>();

  NDAlgebra(NDProgram program) {
    this.program = program;
  }

  private int one(int a, UnaryOperator<NDArray> operator) {
    return program.add((values, manager) -> operator.apply(values[a]));
  }

  private int two(int a, int b, BinaryOperator<NDArray> operator) {
    return program.add((values, manager) -> operator.apply(values[a], values[b]));
  }

  /** A number without axes leaves the precision of tensors as it is. */
  private int scalar(double value) {
    return scalars.computeIfAbsent(value, any -> program.scalar(value));
  }

  @Override
  public Integer constant(float[] values, long... shape) {
    return program.constant(values.clone(), shape);
  }

  @Override
  public Integer single(Integer a) {
    return one(a, x -> x.toType(DataType.FLOAT32, false));
  }

  @Override
  public Integer twice(Integer a) {
    return one(a, x -> x.toType(DataType.FLOAT64, false));
  }

  @Override
  public Integer matmul(Integer a, Integer b) {
    return two(a, b, NDArray::matMul);
  }

  @Override
  public Integer add(Integer a, Integer b) {
    return two(a, b, NDArray::add);
  }

  @Override
  public Integer add(Integer a, double b) {
    return add(a, (Integer) scalar(b));
  }

  @Override
  public Integer subtract(Integer a, Integer b) {
    return two(a, b, NDArray::sub);
  }

  @Override
  public Integer multiply(Integer a, Integer b) {
    return two(a, b, NDArray::mul);
  }

  @Override
  public Integer multiply(Integer a, double b) {
    return multiply(a, (Integer) scalar(b));
  }

  @Override
  public Integer divide(Integer a, Integer b) {
    return two(a, b, NDArray::div);
  }

  @Override
  public Integer exp(Integer a) {
    return one(a, NDArray::exp);
  }

  @Override
  public Integer log(Integer a) {
    return one(a, NDArray::log);
  }

  @Override
  public Integer sqrt(Integer a) {
    return one(a, NDArray::sqrt);
  }

  @Override
  public Integer abs(Integer a) {
    return one(a, NDArray::abs);
  }

  @Override
  public Integer relu(Integer a) {
    return one(a, Activation::relu);
  }

  @Override
  public Integer atMost(Integer a, double most) {
    return two(a, scalar(most), NDArray::minimum);
  }

  @Override
  public Integer softmax(Integer a, int axis) {
    return one(a, x -> x.softmax(axis));
  }

  @Override
  public Integer sum(Integer a, int axis) {
    return one(a, x -> x.sum(new int[] {axis}));
  }

  @Override
  public Integer mean(Integer a, int axis) {
    return one(a, x -> x.mean(new int[] {axis}));
  }

  @Override
  public Integer max(Integer a, int axis) {
    return one(a, x -> x.max(new int[] {axis}));
  }

  @Override
  public Integer norm(Integer a) {
    return one(a, x -> x.norm(new int[] {-1}));
  }

  @Override
  public Integer cumulative(Integer a) {
    return one(a, x -> x.cumSum(1));
  }

  @Override
  public Integer recurrence(Integer decay, Integer input) {
    return program.add(
        (values, manager) -> NDShifts.recurrence(manager, values[decay], values[input]));
  }

  @Override
  public Integer largest(Integer a, int count, int axis) {
    return one(a, x -> NDShifts.largest(x, count, axis, 0));
  }

  @Override
  public Integer largestPlaces(Integer a, int count, int axis) {
    return one(a, x -> NDShifts.largest(x, count, axis, 1));
  }

  @Override
  public Integer delayed(Integer a, int steps, double fill) {
    return program.add((values, manager) -> NDShifts.delayed(manager, values[a], steps, fill));
  }

  @Override
  public Integer gather(Integer a, Integer places) {
    return two(a, places, NDShifts::gather);
  }

  @Override
  public Integer order(Integer a) {
    return one(a, x -> x.argSort(1));
  }

  @Override
  public Integer equal(Integer a, Integer b) {
    return two(a, b, NDArray::eq);
  }

  @Override
  public Integer equal(Integer a, long b) {
    return two(a, program.scalar(b), NDArray::eq);
  }

  @Override
  public Integer differs(Integer a, long b) {
    return two(a, program.scalar(b), NDArray::neq);
  }

  @Override
  public Integer lessOrEqual(Integer a, Integer b) {
    return two(a, b, NDArray::lte);
  }

  @Override
  public Integer greater(Integer a, double b) {
    return two(a, scalar(b), NDArray::gt);
  }

  @Override
  public Integer both(Integer a, Integer b) {
    return two(a, b, NDArray::logicalAnd);
  }

  @Override
  public Integer where(Integer condition, Integer then, double otherwise) {
    return where(condition, then, (Integer) scalar(otherwise));
  }

  @Override
  public Integer where(Integer condition, Integer then, Integer otherwise) {
    return program.add(
        (values, manager) -> {
          // The engine's own where does not broadcast conditions.
          NDArray wide = values[condition].broadcast(values[then].getShape());
          return NDArrays.where(wide, values[then], values[otherwise]);
        });
  }

  @Override
  public Integer extent(Integer a, int axis) {
    return program.add(
        (values, manager) -> manager.create((double) values[a].getShape().get(axis)));
  }

  @Override
  public Integer unsqueeze(Integer a, int axis) {
    return one(a, x -> x.expandDims(axis));
  }

  @Override
  public Integer squeeze(Integer a, int axis) {
    return one(a, x -> x.squeeze(axis));
  }

  @Override
  public Integer slice(Integer a, int axis, int from, int to) {
    return one(a, x -> NDShifts.slice(x, axis, from, to));
  }

  @Override
  public Integer concat(List<Integer> parts, int axis) {
    int[] numbers = parts.stream().mapToInt(Integer::intValue).toArray();
    return program.add(
        (values, manager) -> {
          NDArray[] arrays =
              Arrays.stream(numbers).mapToObj(i -> values[i]).toArray(NDArray[]::new);
          return NDArrays.concat(new NDList(arrays), axis);
        });
  }
}
