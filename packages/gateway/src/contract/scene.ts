import type { Neighbors } from './neighbors.ts'

/** The version of what a scene holds; a recording names the one that its scenes were taken by. */
export const SCENE_VERSION = 1

/** Where a device stands on the ladder; it decays back to `trusted` with time. */
export const Posture = { trusted: 0, watched: 1, restricted: 2, quarantined: 3 } as const
export type Posture = (typeof Posture)[keyof typeof Posture]

/** How busy the gateway itself is, from its event loops' delay and its queues. */
export const Tier = { calm: 0, busy: 1, strained: 2, overloaded: 3 } as const
export type Tier = (typeof Tier)[keyof typeof Tier]

/** What surrounds an act: everything that a guard may read besides the act and the lane. */
export interface Scene {
  /** Monotonic milliseconds, one reading for all acts that are judged together. */
  readonly now: number
  /** Wall milliseconds since the Unix epoch, of the same instant. */
  readonly wall: number
  /** The connection's agreed keep-alive in milliseconds, 0 where there is none. */
  readonly keepAlive: number
  /** The device's address and port (`10.0.0.5:40000`); an empty string where they are not known. */
  readonly peer: string
  /** The connection's protocol version, 0 before its CONNECT was read. */
  readonly version: 0 | 4 | 5
  /** The plant's operating mode: the index of its state in the enum of the reading `profiles.mode`, -1 where it is not known. */
  readonly mode: number
  /** Whether a maintenance window is open for this device. */
  readonly maintenance: boolean
  readonly tier: Tier
  /** Where the speaker stands. */
  readonly posture: Posture
  /** The last values of the site's series, the lane's own device's and those of others. */
  readonly neighbors: Neighbors
  /** What this connection's guards keep apart from the lane, one slot a guard, reset when the connection ends. */
  readonly memo: unknown[]
}

/** The scene of a gateway at rest, before anything is known: what a connection begins with. */
export const AT_REST = {
  keepAlive: 0,
  peer: '',
  version: 0,
  mode: -1,
  maintenance: false,
  tier: Tier.calm,
  posture: Posture.trusted,
} as const
