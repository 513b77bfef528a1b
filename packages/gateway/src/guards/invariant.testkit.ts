import { Captures } from '@ringwall/wire'
import { type Act, AT_REST, type Guard, type Lane, type Scene } from '../contract/index.ts'
import { LaneWord } from '../lanes/record.ts'
import { SharedSeries } from '../lanes/series.ts'
import { lawOf } from '../profile/law/law.testkit.ts'
import type { Invariant } from '../profile/types.ts'
import { CLOCK_WORDS, COUNTER_WORDS, type Rule, SIGNAL_WORDS, type Signal, SUM_WORDS } from '../profile/types.ts'
import { act, ask, lane, type Said } from './guards.testkit.ts'
import type { PayloadDesk } from './payload.ts'

/** A desk on which payloads lie that a test made up. */
export class FakeDesk implements PayloadDesk {
  rule: Rule | null
  good = true
  readonly captures = new Captures(8)

  constructor(rule: Rule | null) {
    this.rule = rule
  }

  open(): Rule | null {
    return this.rule
  }

  put(values: readonly number[]): void {
    this.captures.clear(8)
    values.forEach((value, slot) => {
      this.captures.set(slot, value, 0, 0)
    })
  }
}

const CLOCK = LaneWord.profileFirst
const COUNTER = CLOCK + CLOCK_WORDS
const SUM = COUNTER + COUNTER_WORDS
const SIGNAL = SUM + SUM_WORDS
/** Where a test's laws may begin. */
export const LAW = SIGNAL + SIGNAL_WORDS

/** An invariant of a test's own. */
export const law = (parts: Readonly<Record<string, unknown>>): Invariant => ({
  profile: 'urn:ringwall:profile:plant',
  name: 'test',
  severity: 'critical',
  word: LAW,
  law: lawOf(parts),
})

/** A signal in meters that may be sent in centimeters; slot 1 holds the index of its unit where `unitSlot` says so. */
export function signal(parts: Partial<Signal> = {}): Signal {
  return {
    name: 'level',
    slot: 0,
    always: true,
    shared: true,
    series: 0,
    unit: 'm',
    conversions: [
      { factor: 1, offset: 0 },
      { factor: 0.01, offset: 0 },
    ],
    unitSlot: -1,
    change: null,
    frozen: 0,
    within: 0,
    word: SIGNAL,
    states: [],
    ...parts,
  }
}

/** Slots: 0 value, 1 unit, 2 clock (ms), 3 count, 4 sum. */
export function rule(parts: Partial<Rule> = {}): Rule {
  return {
    profile: 'urn:test',
    digest: 7,
    device: 'level-1',
    kind: 'telemetry',
    name: 'telemetry',
    criticality: 'high',
    payload: null,
    retain: null,
    qos: null,
    signals: [signal()],
    clock: null,
    redundancies: [],
    continuities: [],
    command: null,
    invariants: [],
    ...parts,
  }
}

export const clock = { slot: 2, field: '/ts', scale: 1, relative: false, skew: 5_000, word: CLOCK } as const
export const counter = {
  kind: 'counter',
  slot: 3,
  field: '/n',
  word: COUNTER,
  period: 500,
  tolerance: 20,
  modulus: 0,
} as const
export const sum = {
  kind: 'sum',
  of: 0,
  slot: 4,
  field: '/sum',
  word: SUM,
  modulus: 100,
  tolerance: 0.001,
  least: Number.NEGATIVE_INFINITY,
  most: Number.POSITIVE_INFINITY,
} as const

/** A device's lane and connection; says one message after the other to a guard that learns what it lets through. */
export class Speaker {
  readonly neighbors = new SharedSeries(4)
  readonly memo: unknown[] = []
  lane: Lane = lane()
  readonly desk: FakeDesk
  readonly guard: Guard

  constructor(desk: FakeDesk, guard: Guard) {
    this.desk = desk
    this.guard = guard
  }

  scene(wall: number): Scene {
    return { ...AT_REST, now: wall, wall, neighbors: this.neighbors, memo: this.memo }
  }

  say(wall: number, values: readonly number[], parts: Partial<Act> = {}): Said {
    this.desk.put(values)
    const scene = this.scene(wall)
    const about = act(parts)
    const said = ask(this.guard, about, this.lane, scene)
    if (said.lines.length === 0) this.guard.learn?.(about, this.lane, scene)
    return said
  }

  /** The device connects anew: the lane has its next lease. */
  reconnect(): void {
    this.lane.words[LaneWord.epoch]++
  }

  last(series: number): { value: number; time: number; integral: number } {
    const sample = { value: 0, time: 0, integral: 0 }
    this.neighbors.read(series, sample)
    return sample
  }
}
