import { LearnError } from '../base/error.ts'
import type { NetModel, Parameter } from '../nets/index.ts'

/** The fewest weights that carry a mark: four a coded bit. */
export const LEAST_WEIGHTS = 1_024

/**
 * The layer that carries the mark: the tensor of most weights (biases and gains are none), the first of several as large. A rule, so that whoever claims a mark has no
 * choice of layers to search. Null where it has fewer weights than 1,024.
 */
export function markedLayer({ network }: NetModel): Parameter | null {
  const layers = network.plan.parameters.filter(({ spec }) => spec.decays)
  const largest = layers.reduce<Parameter | null>((most, each) => (each.count > (most?.count ?? 0) ? each : most), null)
  return largest !== null && largest.count >= LEAST_WEIGHTS ? largest : null
}

/** The same, of a net that must carry a mark. Error: `watermark_small`. */
export function layerToMark(model: NetModel): Parameter {
  const layer = markedLayer(model)
  if (layer !== null) return layer
  const what = `no layer of this net has ${LEAST_WEIGHTS} weights, which 128 bits take`
  throw new LearnError('watermark_small', `${what}: make a layer wider, or mark by triggers alone`)
}
