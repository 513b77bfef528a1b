import type { PayloadFault, PayloadValidator } from '@ringwall/wire'
import type { Neighbors } from '../contract/index.ts'

/** `telemetry` and `event` go up from the device, a `command` comes down to it. */
export type RuleKind = 'telemetry' | 'event' | 'command'

/** How a reading's unit becomes the unit that it is judged in: `value * factor + offset`. */
export interface Conversion {
  readonly factor: number
  readonly offset: number
}

/** A captured value that is a series of the site. */
export interface Signal {
  /** The name that the profile gives it (`rw:name`). */
  readonly name: string
  /** Slot of the captures. */
  readonly slot: number
  /** The number of its series (`Neighbors`), or -1 where nobody asks for it. */
  readonly series: number
  /** What it is judged in, as UCUM code: `m`, `Cel`, `l/s`; an empty string for a state or a bare number. */
  readonly unit: string
  /** By the text of the payload's unit field (`unitSlot`, an index in its `enum`; -1 where it has none and the declared unit is meant). */
  readonly conversions: readonly Conversion[]
  readonly unitSlot: number
  /** Most change a second, in its unit, and how much more any two values may differ by (noise); null where anything goes. */
  readonly change: { readonly perSecond: number; readonly slack: number } | null
  /** As many equal values in a row say that the sensor is frozen; 0 for never. */
  readonly frozen: number
  /** Values that are no further apart than this are equal for it. */
  readonly within: number
  /** Whether no payload can leave it out. */
  readonly always: boolean
  /** Whether somebody reads its series besides the messages that bring it. */
  readonly shared: boolean
  /** First of its `SIGNAL_WORDS` words in the lane. */
  readonly word: number
  /** The texts of an `enum`, for sentences; empty for numbers. */
  readonly states: readonly string[]
}

/** A field that must say the same as a reading does (`rw:redundant`), judged within one message. */
export type Redundancy =
  | {
      readonly kind: 'copy'
      readonly of: number
      readonly slot: number
      readonly field: string
      /** From the copy's unit or scale to that of the reading as it is sent. */
      readonly conversion: Conversion
      readonly tolerance: number
    }
  | {
      readonly kind: 'check-digit'
      readonly of: number
      readonly slot: number
      readonly field: string
      readonly method: 'luhn' | 'damm' | 'mod97'
    }

/** A field that continues from message to message. */
export type Continuity =
  /** Grows by one; over so many seconds it must agree with the gateway's clock within `tolerance` counts, where `period` is given. */
  | {
      readonly kind: 'counter'
      readonly slot: number
      readonly field: string
      readonly word: number
      /** Milliseconds from one count to the next, 0 where the device does not keep one. */
      readonly period: number
      readonly tolerance: number
      /** The count behind the highest is 0; 0 where it never goes round. */
      readonly modulus: number
    }
  /** The running sum of a reading, modulo `modulus`; judged by how many messages the counter says are missing. */
  | {
      readonly kind: 'sum'
      readonly of: number
      readonly slot: number
      readonly field: string
      readonly word: number
      readonly modulus: number
      readonly tolerance: number
      /** Between which the reading is, in the unit in which it is sent; infinite where nobody says it. */
      readonly least: number
      readonly most: number
    }

/** The device's own clock in its messages. */
export interface ClockRule {
  readonly slot: number
  readonly field: string
  /** Milliseconds of one of its units: 1, 1000 … */
  readonly scale: number
  /** Whether a small time is one relative to when the message came, as SenML's are (RFC 8428, section 4.5.3). */
  readonly relative: boolean
  /** Most difference to the gateway's wall clock, in milliseconds. */
  readonly skew: number
  /** -1 of a command: what it says is held against the wall clock alone. */
  readonly word: number
}

/** When and from whom a command may come. */
export interface CommandRule {
  /** Roles that may send it; empty for any. */
  readonly senders: readonly string[]
  /** The states of the mode series in which it is legal, as indexes in its `enum`; empty for all. */
  readonly modes: readonly number[]
  readonly modeNames: readonly string[]
  /** Series of the operating mode, or -1. */
  readonly mode: number
  /** Commands a second and at once; null for no limit. */
  readonly rate: { readonly perSecond: number; readonly burst: number } | null
}

/** What the profiles say of one topic of one device. */
export interface Rule {
  /** The profile's `id`. */
  readonly profile: string
  /** Digest of the profile, as a number: a lane that holds the words of another is to be begun anew. */
  readonly digest: number
  /** The device that the topic belongs to. */
  readonly device: string
  readonly kind: RuleKind
  /** The affordance: the name of a property, event or action. */
  readonly name: string
  readonly criticality: 'low' | 'medium' | 'high' | 'critical'
  /** Null where any payload will do. */
  readonly payload: PayloadReader | null
  readonly retain: boolean | null
  readonly qos: number | null
  readonly signals: readonly Signal[]
  readonly clock: ClockRule | null
  readonly redundancies: readonly Redundancy[]
  readonly continuities: readonly Continuity[]
  readonly command: CommandRule | null
  /** The invariants to be judged when this topic speaks. */
  readonly invariants: readonly Invariant[]
}

/** A validator with the name of its format. One that keeps a state by device (Sparkplug B) advances it in `accept`. */
export interface PayloadReader extends PayloadValidator {
  readonly format: 'json' | 'text' | 'cbor' | 'senml+json' | 'senml+cbor' | 'sparkplug'
  readonly fault: PayloadFault | null
  /** The payload that was checked last went through. */
  accept?(): void
}

/**
 * Words of the lane that a signal has: what its changes are held against, the moment of that (milliseconds, 0 for never), the value that a run
 * of equal ones began with, and how many these are.
 */
export const SIGNAL_WORDS = 4

/**
 * Words that a clock has: the device's last time, how far behind the gateway's it has been at least, the last message's time, when that
 * came (wall milliseconds), and the time that has passed for readings.
 */
export const CLOCK_WORDS = 5

/**
 * Words that a counter has: last count (as if it never went round), its time (monotonic milliseconds, 0 for never), phase against that
 * clock, lease, a digest of the payload that may be sent again (-1 for none), and how many counts were judged since one was kept.
 */
export const COUNTER_WORDS = 6

/** The word that a running sum has: its last value. */
export const SUM_WORDS = 1

/** What an invariant found. */
export interface Breach {
  /** `invariant`, or `invariant_drift` where only the sum over a window is too large. */
  readonly code: string
  /** One sentence with its numbers. */
  readonly why: string
}

/** The values that a message itself brings, in the units of their series. */
export interface Current {
  /** NaN where the message does not bring this series. */
  value(series: number): number
  /** Wall milliseconds of the message. */
  readonly time: number
}

/** One law over the values of a device and of its neighbors, compiled (`profile/law/`). Allocates nothing while it holds. */
export interface Law {
  /** Words that it needs in the lane of the device with whose messages it is judged. */
  readonly words: number
  /**
   * @param words the lane's, its own beginning at `at`. Null where it holds, or where a value that it needs is missing or stale.
   * It writes its first two words: when it was judged last, so that it knows silence from refusal, and that nothing is known of
   * the past any more (0 for the last learned evaluation) where a value is missing, after a silence, or where the clock went back.
   * All else is left to `learn`.
   */
  judge(current: Current, neighbors: Neighbors, words: Float64Array, at: number): Breach | null
  /** Keeps what the message brings to it; called right after `judge` of the same message, once the message went through and all laws of the guard held. */
  learn(current: Current, neighbors: Neighbors, words: Float64Array, at: number): void
}

/** A law where it is judged. */
export interface Invariant {
  readonly name: string
  /** The `id` of the profile in which it stands. */
  readonly profile: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  /** First of its words in the lane. */
  readonly word: number
  readonly law: Law
}

/** What a law is compiled against: the series of all profiles. */
export interface SeriesTable {
  /** By `device/name`; undefined where no profile has it. */
  find(name: string): SeriesType | undefined
}

export interface SeriesType {
  readonly series: number
  /** UCUM code; an empty string for a state or a bare number. */
  readonly unit: string
  /** The texts of a state; empty for a number. */
  readonly states: readonly string[]
}
