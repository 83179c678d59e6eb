/** Damages models in reproducible ways, to see that nothing but a refusal comes of it. */
@NullMarked
package io.innerspan.testing.mutation;

import org.jspecify.annotations.NullMarked;
