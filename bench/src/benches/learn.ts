import type { Bench } from './bench.ts'
import { learnNets } from './learn-nets.ts'
import { learnOnnx } from './learn-onnx.ts'
import { learnTrees } from './learn-trees.ts'

/** Fits and scores of trees beside scikit-learn and XGBoost, of nets beside PyTorch, each on one thread, in turns; and every kind of model through ONNX. */
export const learn: Bench = async function* (setting) {
  yield* learnTrees(setting)
  yield* learnNets(setting)
  yield* learnOnnx(setting)
}
