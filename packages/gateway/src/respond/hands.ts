import type { Posture } from '../contract/index.ts'
import type { SharedBlocks } from '../lanes/blocks.ts'

/** What prevention does to the running gateway. */
export interface Hands {
  readonly blocks: SharedBlocks
  /** Ends the connections of whoever is blocked by now. */
  expel(): void
  /** Ends a device's session. False where it has none. */
  dismiss(device: string, why: string): boolean
  /** Whether a device has had a session since the gateway began. */
  knows(device: string): boolean
  /** Lets all guards only observe, or no longer. */
  bypass(isOn: boolean): void
  /** A device stands elsewhere from now on. */
  stands(device: string, posture: Posture): void
  /** How many devices have sessions from an address. */
  devicesFrom(address: string): number
}

/** Where orders are written down for good. Errors: `audit_unwritable`. */
export interface Trail {
  /** Resolves when it is on the disk. */
  append(wall: number, what: string, details: Readonly<Record<string, unknown>>): Promise<void>
}

/** What an order came to, beside its own answer: whether it outlives a restart. */
export interface Done {
  readonly saved: boolean
  /** Of an order about a device: whether one of this id has had a session since the gateway began, so that a wrong id shows. */
  readonly known?: boolean
}
