import { type Lane, type Sample, Tier } from '../contract/index.ts'
import type { Standing } from '../lanes/standing.ts'
import type { ConnectionScene } from './connection.ts'

/** Where the plant's operating mode is read: a series of the profiles, what a trusted topic told last, or nowhere. */
export type ModeSource =
  | { readonly kind: 'series'; readonly series: number; readonly stale: number }
  | { readonly kind: 'topic'; readonly stale: number }
  | { readonly kind: 'none' }

/** What a worker's scenes take from outside of the connection; read once for all acts of a chunk. */
export class Surroundings {
  /** How busy this worker is; see `worker/load.ts`. */
  tier: Tier = Tier.calm
  mode: ModeSource
  readonly #standing: Standing | null
  readonly #sample: Sample = { value: 0, time: 0, integral: 0 }

  /** @param standing null where nobody is watched or maintained, as in tests */
  constructor(standing: Standing | null = null, mode: ModeSource = { kind: 'none' }) {
    this.#standing = standing
    this.mode = mode
  }

  /** Sets all of a scene but its keep-alive, its neighbors and its memo. @param now monotonic milliseconds, @param wall the same instant */
  look(scene: ConnectionScene, lane: Lane | null, now: number, wall: number): void {
    scene.now = now
    scene.wall = wall
    scene.tier = this.tier
    scene.mode = this.#modeOf(scene)
    const standing = this.#standing
    if (standing === null || lane === null) return
    scene.posture = standing.postureOf(lane.index, now)
    scene.maintenance = standing.maintenanceOf(lane.index, now)
  }

  #modeOf({ neighbors, wall, now }: ConnectionScene): number {
    const { mode } = this
    if (mode.kind === 'none') return -1
    if (mode.kind === 'topic') return this.#standing === null ? -1 : this.#standing.modeAt(now, mode.stale)
    neighbors.read(mode.series, this.#sample)
    const { time, value } = this.#sample
    return time === 0 || wall - time > mode.stale ? -1 : value
  }
}
