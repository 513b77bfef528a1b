import type { Act } from './act.ts'
import type { Finding } from './finding.ts'
import type { Guard, Lane, Mode } from './guard.ts'
import type { Scene } from './scene.ts'

/**
 * Where a number passes that a guard read from memory that other threads write: the last values of neighbors, the budget of a
 * topic, whether a command was said. A recorder notes it and gives it back, a replay gives back the one that was noted: so a
 * lane can be judged again by itself, whatever the others did at the time.
 */
export interface Tap {
  pass(value: number): number
}

/** The guards of a connection, in order, with their modes. */
export type WitnessedPlan = readonly { readonly guard: Guard; readonly mode: Exclude<Mode, 'off'> }[]

/** Sees every act before it is judged and after all guards have learned from it. It must not change anything and never waits. */
export interface Witness {
  /** @param plan the guards that will judge, as the connection has them */
  before(plan: WitnessedPlan, act: Act, lane: Lane, scene: Scene): void
  /**
   * @param outcome of `path/judge.ts`
   * @param findings those of this act; none where the outcome is `allow`
   * @param wait milliseconds; means something after `throttle` only
   * @param isGlance it was no act, but a packet that some guards wanted to see: see `Guard.packets`
   */
  after(
    act: Act,
    lane: Lane,
    scene: Scene,
    outcome: number,
    findings: readonly Finding[],
    wait: number,
    isGlance: boolean,
  ): void
}

/** State that guards keep about a device apart from its lane and its connection's memo, and how a recording holds it. */
export interface Keeper {
  /** Names the state in recordings: never changes. */
  readonly name: string
  /** What is known of a device, as plain data; undefined where nothing is. */
  save(device: string): unknown
  /** Brings it back, in place of what is known. Errors: `TypeError` where it is not what `save` gave. */
  load(device: string, saved: unknown): void
}
