import { CaptureReader, Flows, type FlowsOptions } from '../../src/index.ts'
import { journal } from '../../test/capture/journal.ts'
import { Random } from '../random.ts'
import type { Tally, Target } from '../target.ts'
import { Digest } from './digest.ts'
import { misheard } from './judge.ts'
import { corpus, make } from './make.ts'

const CAPTURES = 40
const MAX_PACKET = 4096
/** The header before a packet, and its padding. */
const HEADER = 32

/** Small, so that the bounds are met often. */
const TIGHT: FlowsOptions = { maxFlows: 3, maxHeldPerDirection: 800, maxHeld: 1200, history: 1024, idle: 40 }
const OPTIONS: readonly FlowsOptions[] = [{ history: 65_536 }, { history: 65_536, verify: true }, TIGHT]

/**
 * Captures read and put together: no crash, no hang, the same events however a file is split, never more held than allowed. Of
 * connections without loss all that was said is heard; with loss every byte still stands where it was said.
 */
export const replay: Target = {
  name: 'replay',
  run(seed, tally, begin) {
    const random = new Random(seed)
    const from = corpus(seed, random.pick([4, 5] as const))
    tally.runs++
    for (let i = 0; i < CAPTURES; i++) {
      const made = make(from, random)
      begin(made.file)
      tally.inputs++
      tally.bytes += made.file.length
      const why = tried(() => {
        const changed = made.harm === 'packets' || made.harm === 'file'
        return (
          (changed ? null : misheard(made)) ??
          unsteady(made.file, random, tally) ??
          otherwise(made.file, from.version === 5, random)
        )
      })
      if (why !== null) return { why: `${made.harm}: ${why}`, input: made.file, seed }
    }
    return null
  },
}

function tried(run: () => string | null): string | null {
  try {
    return run()
  } catch (error) {
    return `it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}

/** Reads a file whole, split at random and byte by byte; answers what is wrong, or null. */
function unsteady(file: Uint8Array, random: Random, tally: Tally): string | null {
  const options = random.pick(OPTIONS)
  const whole = read(file, () => file.length, options, tally)
  if (typeof whole === 'string') return whole
  const most = random.pick([3, 50, 1000])
  for (const size of [() => 1 + random.below(most), () => 1]) {
    const split = read(file, size, options, null)
    if (typeof split === 'string') return split
    if (split.value !== whole.value || split.events !== whole.events) return 'a split file gave other events'
  }
  return null
}

/** Whether plain messages that are read in one step are told as they are without it; what differs, or null. */
function otherwise(file: Uint8Array, five: boolean, random: Random): string | null {
  const how = { five, options: random.pick([{ history: 65_536 }, TIGHT]) }
  const whole = (): number => file.length
  const { entries } = journal(file, whole, { ...how, way: 'plain' })
  const told = journal(file, whole, { ...how, way: 'told' }).entries
  const at = entries.findIndex((entry, i) => entry !== told[i])
  return at < 0 ? null : `in one step it is told otherwise: ${told[at]}, not ${entries[at]}`
}

function read(file: Uint8Array, size: () => number, options: FlowsOptions, tally: Tally | null): Digest | string {
  const digest = new Digest()
  const flows = new Flows(digest, options)
  const reader = new CaptureReader({ maxPacket: MAX_PACKET })
  for (let at = 0; at < file.length; ) {
    const next = Math.min(file.length, at + size())
    reader.feed(file.slice(at, next))
    at = next
    while (reader.next()) {
      if (tally !== null) tally.frames++
      flows.packet(reader)
      if (flows.size > (options.maxFlows ?? 65_536)) return `${flows.size} flows are kept`
      if (flows.held > (options.maxHeld ?? 67_108_864)) return `${flows.held} bytes are held`
    }
    // An interface's description may be longer than a packet.
    if (reader.held > Math.max(MAX_PACKET + HEADER, 65_536)) return `${reader.held} bytes of the file are held`
  }
  const fault = reader.finish()
  if (fault !== null && tally !== null) tally.faults.set(fault.code, (tally.faults.get(fault.code) ?? 0) + 1)
  flows.flush()
  if (flows.size !== 0 || flows.held !== 0) return `${flows.size} flows and ${flows.held} bytes are left`
  return digest
}
