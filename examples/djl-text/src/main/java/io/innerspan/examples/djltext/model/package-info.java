/** The text classifier: as blocks of DJL, which can be trained, and as a TorchScript archive. */
@NullMarked
package io.innerspan.examples.djltext.model;

import org.jspecify.annotations.NullMarked;
