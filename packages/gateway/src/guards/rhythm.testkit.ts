import type { Act, Lane, Scene } from '../contract/index.ts'
import { act, lane, Said, scene } from './guards.testkit.ts'
import { type RhythmOptions, rhythm } from './rhythm.ts'

/** Learned within a minute, or twenty messages. */
export const OPTIONS: RhythmOptions = { learning: 60_000, messages: 20, modes: ['idle', 'normal', 'purge'] }

/** A device and its guard: what is said of each act, with a clock of its own. */
export class Habit {
  readonly guard
  readonly here: Scene & { now: number; mode: number; maintenance: boolean }
  lane: Lane
  /** What was found last, in words. */
  why = ''
  readonly #addresses = new Map<string, Act['address']>()

  constructor(options: Partial<RhythmOptions> = {}, on: Lane = lane()) {
    this.guard = rhythm({ ...OPTIONS, ...options }, null, 0)
    this.lane = on
    this.here = { ...scene(1_000), mode: -1, maintenance: false }
  }

  /** Says something after so many milliseconds; `-` where nothing is found. What is found teaches nothing. */
  say(after: number, parts: Partial<Act> & { topic?: string; size?: number } = {}): string {
    this.here.now += after
    const { topic = 'plant/pump-1/state', size = 100 } = parts
    const address = this.#addresses.get(topic) ?? act({ topic }).address
    this.#addresses.set(topic, address)
    const about = act({ payloadStart: 20, payloadEnd: 20 + size, ...parts, topic, address })
    const said = new Said()
    this.guard.judge(about, this.lane, this.here, said)
    if (said.lines.length === 0) this.guard.learn?.(about, this.lane, this.here)
    if (said.why !== '') this.why = said.why
    return said.lines[0]?.replace('add ', '') ?? '-'
  }

  /** A new connection: the next lease, and nothing kept with addresses. */
  reconnect(): void {
    this.lane = { ...this.lane, epoch: this.lane.epoch + 1 }
    this.#addresses.clear()
  }

  /** Says so many messages, each after what `after` gives; the codes of those in which something was found, by their numbers. */
  run(count: number, after: (index: number) => number, parts: Parameters<Habit['say']>[1] = {}): string[] {
    const found: string[] = []
    for (let index = 0; index < count; index++) {
      const said = this.say(after(index), parts)
      if (said !== '-') found.push(`${index} ${said}`)
    }
    return found
  }
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Ways in which honest devices time their messages, by a mean interval in milliseconds. */
export const MANNERS: Readonly<Record<string, (mean: number, random: () => number) => () => number>> = {
  clockwork: mean => () => mean,
  jitter: (mean, random) => () => mean * (0.9 + 0.2 * random()),
  'wide jitter': (mean, random) => () => mean * (0.5 + random()),
  chance: (mean, random) => () => -mean * Math.log(1 - random()),
  pairs: mean => {
    let turn = 0
    return () => (turn++ % 2 === 0 ? 0.1 : 2 * mean - 0.1)
  },
  'bursts of ten': mean => {
    let turn = 0
    return () => (turn++ % 10 === 0 ? 10 * mean : 0)
  },
}
