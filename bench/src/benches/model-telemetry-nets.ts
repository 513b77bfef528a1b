import type { Matrix } from '../../../packages/learn/src/index.ts'
import {
  type HardenedKind,
  type HardenOptions,
  hardenedNetScore,
  LONG_MEMORY,
} from '../../../packages/learn/src/robust/telemetry/index.ts'
import { netScore } from '../../../packages/learn/src/series/index.ts'
import { progress } from '../base/report.ts'
import { ALL, type Contender, FLOOR, LEVEL, learned, WITNESSES } from './model-telemetry-detectors.ts'
import { columnOf } from './model-telemetry-plant.ts'

export const NET_KINDS: readonly HardenedKind[] = [
  'autoencoder',
  'gru forecaster',
  'lstm forecaster',
  'transformer forecaster',
]

/** How far readings are moved in training, in deviations of the level. */
const RADIUS = 6
const EPOCHS = 8

const inOrder = (columns: readonly number[]): number[] => [...columns].sort((a, b) => a - b)
/** What answers to the level's own report must not be seen by a net that is to tell the level. */
const SEEN = inOrder([LEVEL, ...WITNESSES])
const FEW = inOrder([LEVEL, ...FLOOR, columnOf('flow-2')])

/** What is done to a net of each kind, step by step. */
const STEPS: Readonly<Record<string, Pick<HardenOptions, 'sensors' | 'radius' | 'hides' | 'score' | 'memory'>>> = {
  adversarial: { sensors: ALL, radius: RADIUS, score: 'error' },
  'own residual': { sensors: SEEN, radius: 0, score: 'residual' },
  'adversarial, own residual': { sensors: SEEN, radius: RADIUS, score: 'residual' },
  'hidden, own residual': { sensors: SEEN, radius: 0, hides: true, score: 'residual' },
  'hidden, own residual, few inputs': { sensors: FEW, radius: 0, hides: true, score: 'residual' },
  'hidden, long memory': { sensors: SEEN, radius: 0, hides: true, score: 'residual', memory: LONG_MEMORY },
}

/** Whether a detector is a hardened net by itself. */
export const isHardenedNet = (name: string): boolean => NET_KINDS.some(kind => name.startsWith(`${kind}, `))

/** Nets of each kind: plain, and with each step of hardening. Efforts are the same for all steps of a kind. */
export async function nets(train: Matrix, seed: number): Promise<Contender[]> {
  const found: Contender[] = []
  for (const kind of NET_KINDS) {
    progress(`model-telemetry: learning, ${kind}`)
    const isRow = kind === 'autoencoder'
    const fit = isRow ? {} : { fit: { epochs: EPOCHS } }
    found.push({ name: kind, armed: [await learned(netScore({ kind, sensors: ALL, seed, ...fit }), train)] })
    const effort = isRow ? { rounds: 8, epochs: 6 } : { rounds: 4, epochs: 5, stride: 2 }
    for (const [name, step] of Object.entries(STEPS)) {
      const recipe = hardenedNetScore({ kind, spoofed: [LEVEL], seed, ...step, ...effort })
      found.push({ name: `${kind}, ${name}`, armed: [await learned(recipe, train)] })
    }
  }
  return found
}
