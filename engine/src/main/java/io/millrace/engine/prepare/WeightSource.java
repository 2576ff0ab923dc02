package io.millrace.engine.prepare;

import io.millrace.engine.model.Weight;
import io.millrace.engine.prepare.tensors.MatrixSource;
import java.io.IOException;

/** Where a model's weights come from: a checkpoint, or a random generator. */
@FunctionalInterface
interface WeightSource {

  MatrixSource matrix(Weight weight) throws IOException;
}
