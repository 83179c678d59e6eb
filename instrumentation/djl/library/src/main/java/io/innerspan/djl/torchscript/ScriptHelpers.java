package io.innerspan.djl.torchscript;

import java.util.List;

/**
 * The methods that the code of every capture uses.
 *
 * <p>With a mask, {@code real} is boolean {@code [batch, tokens]}. Without one it is true, {@code
 * [batch, 1]}, and every position of an activation is real.
 */
final class ScriptHelpers {
  private static final String TEXT =
      """
        def innerspan_tokens(self: SELF, TOKENS_PARAMETERS) -> Tensor:
      TOKENS_BODY
        def innerspan_shared(self: SELF, real: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
          if torch.eq(torch.dim(real), 2):
            weight = torch.to(real, 7)
            count = torch.sum(weight, [1], True)
            place = PLACE
            mean = MEAN
          else:
            weight = torch.zeros([1, 1], dtype=7)
            count = weight
            place = weight
            mean = weight
          return (weight, count, place, mean)
        def innerspan_fits(self: SELF, x: Tensor, previous: Tensor, real: Tensor, width: int, least: int) -> bool:
          fits = torch.is_floating_point(x)
          size = torch.size(x)
          rank = torch.dim(x)
          if torch.ne(torch.dim(real), 2):
            fits = False
          else:
            if torch.lt(rank, 2):
              fits = False
            else:
              if torch.ne(size[0], torch.size(real, 0)):
                fits = False
              else:
                pass
              if torch.ne(torch.size(previous), size):
                fits = False
              else:
                pass
              if torch.eq(rank, 3):
                if torch.ne(size[1], torch.size(real, 1)):
                  fits = MASKLESS_FITS
                else:
                  pass
              else:
                if torch.ne(rank, 2):
                  fits = CHANNELS_FIT
                else:
                  pass
              if torch.eq(rank, 4):
                last = size[1]
              else:
                last = size[-1]
              if torch.gt(width, 0):
                if torch.ne(last, width):
                  fits = False
                else:
                  pass
              else:
                pass
              if torch.lt(last, least):
                fits = False
              else:
                pass
              if torch.eq(torch.numel(x), 0):
                fits = False
              else:
                pass
          return fits
        def innerspan_fits_pattern(self: SELF, x: Tensor, real: Tensor, heads: int) -> bool:
          fits = False
          if torch.eq(torch.dim(x), 4):
            if torch.eq(torch.dim(real), 2):
              if torch.is_floating_point(x):
                rows = torch.size(real, 0)
                tokens = torch.size(real, 1)
                fits = torch.eq(torch.size(x), [rows, heads, tokens, tokens])
              else:
                pass
            else:
              pass
          else:
            pass
          return fits
        def innerspan_view(self: SELF, x: Tensor) -> Tensor:
          if torch.eq(torch.dim(x), 2):
            view = torch.unsqueeze(x, 1)
          else:
            if torch.eq(torch.dim(x), 4):
              view = torch.transpose(torch.flatten(x, 2), 1, 2)
            else:
              view = x
          return torch.to(view, 6)
        def innerspan_real(self: SELF, real: Tensor, x: Tensor) -> Tensor:
          if torch.eq(torch.size(x, 1), torch.size(real, 1)):
            each = real
          else:
      REAL_BODY
          return each
        def innerspan_each(self: SELF, x: Tensor, real: Tensor, TOKENS) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
          each = real
          weight0 = weight
          count0 = count
          place0 = place
          mean0 = mean
          if torch.ne(torch.size(x, 1), torch.size(real, 1)):
            each = (self).innerspan_real(real, x, )
            weight0, count0, place0, mean0, = (self).innerspan_shared(each, )
          else:
            pass
          return (each, weight0, count0, place0, mean0)
        def innerspan_recurrence(self: SELF, decay: Tensor, input: Tensor) -> Tensor:
          factor = decay
          value = input
          step = 1
          size = torch.size(input, 1)
          while torch.lt(step, size):
            value = torch.add(value, torch.mul(factor, (self).innerspan_delayed(value, step, 0., )))
            factor = torch.mul(factor, (self).innerspan_delayed(factor, step, 1., ))
            step = torch.mul(step, 2)
          return value
        def innerspan_delayed(self: SELF, x: Tensor, steps: int, fill: float) -> Tensor:
          size = torch.size(x, 1)
          if torch.lt(steps, size):
            padding = steps
          else:
            padding = size
          kept = torch.slice(x, 1, 0, torch.sub(size, padding))
          return torch.constant_pad_nd(kept, [0, 0, padding, 0], fill)
        def innerspan_largest(self: SELF, x: Tensor, count: int, axis: int) -> Tensor:
          size = torch.size(x, axis)
          if torch.lt(count, size):
            most = count
          else:
            most = size
          values, places, = torch.topk(x, most, axis)
          return values
        def innerspan_largest_places(self: SELF, x: Tensor, count: int, axis: int) -> Tensor:
          size = torch.size(x, axis)
          if torch.lt(count, size):
            most = count
          else:
            most = size
          values, places, = torch.topk(x, most, axis)
          return places
      """;

  /** What is shared of the real tokens: parameters of methods. */
  static final String TOKENS = "weight: Tensor, count: Tensor, place: Tensor, mean: Tensor";

  /**
   * The lines of the methods.
   *
   * @param places whether anything is computed with the places of tokens
   * @param means whether anything is computed with what weighs tokens for their mean
   */
  static List<String> of(String self, Signature signature, boolean places, boolean means) {
    boolean masked = signature.mask() != null;
    return TEXT.replace("SELF", self)
        .replace("TOKENS_PARAMETERS", tokensParameters(signature))
        .replace("TOKENS_BODY", tokensBody(signature))
        .replace("PLACE", places ? "torch.cumsum(weight, 1)" : "weight")
        .replace(
            "MEAN", means ? "torch.to(torch.unsqueeze(torch.div(weight, count), 1), 6)" : "weight")
        .replace("TOKENS", TOKENS)
        .replace("MASKLESS_FITS", masked ? "False" : "fits")
        // Channels come before positions, which no mask knows.
        .replace("CHANNELS_FIT", masked ? "False" : "torch.__and__(fits, torch.eq(rank, 4))")
        .replace(
            "REAL_BODY",
            masked
                ? "      each = torch.any(real, 1, True)"
                : "      each = torch.expand(real, [-1, torch.size(x, 1)])")
        .lines()
        .toList();
  }

  private static String tokensParameters(Signature signature) {
    ScriptParameter mask = signature.mask();
    ScriptParameter first = signature.first();
    if (mask != null && mask.isTensor()) {
      return "mask: Tensor";
    }
    return mask != null && first != null
        ? "mask: Optional[Tensor], first: Tensor"
        : mask != null ? "mask: Optional[Tensor]" : "first: Tensor";
  }

  static String tokensArguments(Signature signature) {
    ScriptParameter mask = signature.mask();
    ScriptParameter first = signature.first();
    String arguments = mask == null ? "" : mask.name() + ", ";
    return first == null || (mask != null && mask.isTensor())
        ? arguments
        : arguments + first.name() + ", ";
  }

  private static String tokensBody(Signature signature) {
    ScriptParameter mask = signature.mask();
    if (mask != null && mask.isTensor()) {
      return "    return torch.ne(mask, 0)";
    }
    if (mask != null) {
      String otherwise =
          signature.first() == null
              ? "torch.zeros([0], dtype=11)"
              : "torch.ones_like(first, dtype=11)";
      return """
          if torch.__isnot__(mask, None):
            real = torch.ne(unchecked_cast(Tensor, mask), 0)
          else:
            real = OTHERWISE
          return real"""
          .replace("OTHERWISE", otherwise)
          .indent(4)
          .stripTrailing();
    }
    // Without a mask, tokens of ids cannot be told from padding: there is no reading.
    return """
        if torch.lt(torch.dim(first), 1):
          real = torch.zeros([0], dtype=11)
        else:
          real = torch.ones([torch.size(first, 0), 1], dtype=11, layout=None, device=ops.prim.device(first))
          if torch.__not__(torch.is_floating_point(first)):
            if torch.gt(torch.numel(first), torch.size(first, 0)):
              real = torch.logical_not(real)
            else:
              pass
          else:
            pass
        return real"""
        .indent(4)
        .stripTrailing();
  }

  private ScriptHelpers() {}
}
