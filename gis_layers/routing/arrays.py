"""Names for the arrays of this package."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Deciseconds = npt.NDArray[np.int32]
Booleans = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.object_]
