/** What says how large a net is. Of trees none of it is said. */
export interface NetSizes {
  readonly inputs?: number
  readonly hidden?: readonly number[]
  readonly classes?: number
  readonly outputs?: number
  readonly kind?: 'gru' | 'lstm' | 'transformer'
  readonly steps?: number
  readonly features?: number
  readonly units?: number
  readonly layers?: number
  readonly feedForward?: number
  readonly horizon?: number
  readonly code?: number
}

/** As a net over windows has where nothing is said. */
const DEFAULT_UNITS = 32

/** Weights that a net has at least, its last layer's among them: told by its options alone, before any memory is taken for it. */
export function leastNumbers(sizes: NetSizes): number {
  return (sizes.features ?? 0) > 0 ? ofWindows(sizes) : ofLayers(sizes)
}

function ofLayers({ inputs = 0, hidden = [], classes, outputs }: NetSizes): number {
  // An autoencoder gives back as many numbers as it takes.
  const widths = [inputs, ...hidden, classes ?? outputs ?? inputs]
  return widths.slice(1).reduce((sum, width, i) => sum + width * widths[i]!, 0)
}

function ofWindows(sizes: NetSizes): number {
  const { kind, steps = 0, features = 0, units = DEFAULT_UNITS, layers = 1, horizon = 1, code } = sizes
  const last = code === undefined ? units * horizon * features : units * code + code * features
  if (kind !== 'transformer') return units * features + layers * units * units + last
  const { feedForward = 2 * units } = sizes
  return units * features + steps * units + layers * units * (4 * units + 2 * feedForward) + last
}
