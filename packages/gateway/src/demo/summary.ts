import type { AttackScore, Scorecard } from '@ringwall/lab'
import type { Drift } from './drift.ts'
import type { Phase } from './phases.ts'
import type { Rehearsal } from './rehearsal.ts'
import { OBSERVING } from './stopper.ts'

/** How the guards took the honest fleet. */
export interface Honest extends Rehearsal {
  /** In real time, while nobody used the identity of the device in question. */
  readonly live: {
    readonly messages: number
    readonly flagged: number
    readonly first: readonly string[]
    /** By what the plant went through: operating modes, maintenance of a device, the flood by fifty. */
    readonly phases: readonly Phase[]
  }
}

/** What a demo found. */
export interface DemoScore extends Scorecard {
  readonly honest: Honest
  /** Lies too slow for real time, in simulated time. */
  readonly drifts: readonly Drift[]
}

/** What was found out before anything was attacked. */
export interface Rehearsed {
  readonly honest: Rehearsal
  readonly drifts: readonly Drift[]
}

/** So many findings on honest devices are told. */
const TOLD = 5

/** Joins what the lab has counted with how the guards took the honest fleet. */
export function demoScore(
  card: Scorecard,
  { honest, drifts }: Rehearsed,
  flagged: readonly string[],
  phases: readonly Phase[],
): DemoScore {
  const live = { messages: card.published, flagged: flagged.length, first: flagged.slice(0, TOLD), phases }
  return { ...card, honest: { ...honest, live }, drifts }
}

/** Whether an attack had an effect, or an honest message was lost or flagged. */
export function isHarmed({ lost, attacks, honest }: DemoScore): boolean {
  if (lost > 0 || honest.flagged > 0 || honest.live.flagged > 0) return true
  return attacks.some(({ effect, error }) => effect > 0 || error !== null)
}

/** Columns of the scorecard in words: what a narrow terminal shows without breaking lines. */
const WIDTH = 79
const HEAD = ['attack', 'technique', 'attempts', 'effect', 'fate'] as const
const COLUMNS = [25, 11, 9, 7, 0] as const

/** The scorecard in words: what became of the honest fleet, then a line for each attack, none longer than a narrow terminal. */
export function summary({ devices, published, delivered, lost, attacks, honest, drifts }: DemoScore): string {
  const without = attacks.filter(({ effect, error }) => effect === 0 && error === null).length
  const { minutes, messages, connects, flagged, modes, live } = honest
  return [
    `${devices} devices published ${published}, delivered ${delivered}, lost ${lost}.`,
    `Honest, ${minutes} simulated minutes (${modes.join(', ')}): ${messages} messages and ${connects} CONNECTs, ${flagged} of them flagged.`,
    `Honest, just now: ${live.messages} messages, ${live.flagged} of them flagged.`,
    ...live.phases.map(phaseLine),
    ...[...honest.first, ...live.first].map(line => `  flagged: ${line}`),
    '',
    row(HEAD),
    ...attacks.flatMap(attackLines),
    '',
    ...drifts.map(driftLine),
    `${without} of ${attacks.length} attacks had no effect.`,
  ]
    .flatMap(wrapped)
    .join('\n')
}

function phaseLine({ name, messages, flagged, throttled }: Phase): string {
  return `  ${name}: ${messages} messages, ${flagged} flagged, ${throttled} slowed`
}

function attackLines({ name, technique, attempts, effect, stoppedBy, code, error, named }: AttackScore): string[] {
  const end = code === undefined ? fate(stoppedBy) : `found by ${stoppedBy}`
  const lines = [row([name, technique, String(attempts), String(effect), end])]
  if (code !== undefined) lines.push(`  as ${code}`)
  if (named)
    lines.push(`  named at ${named.deviation} ${named.unit}, where ${named.tolerance} ${named.unit} are tolerated`)
  if (error !== null) lines.push(`  not carried out: ${error}`)
  return lines
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padEnd(COLUMNS[i])).join('')
}

function driftLine({ rate, named, seconds, deviation, by }: Drift): string {
  const what = `A level that drifts by ${rate} mm/s, in simulated time:`
  if (named === null) return `${what} not named in ${seconds} s, up to ${deviation} m.`
  return `${what} named after ${seconds} s at ${named.deviation} m by ${by}; ${named.tolerance} m are tolerated.`
}

function fate(stoppedBy: string): string {
  if (stoppedBy.endsWith(OBSERVING)) return `not stopped; ${stoppedBy.slice(0, -OBSERVING.length)} would`
  return stoppedBy === '' ? 'not stopped' : `stopped by ${stoppedBy}`
}

/** A line in lines that fit, the further ones indented. */
function wrapped(line: string): string[] {
  const lines: string[] = []
  let rest = line
  while (rest.length > WIDTH) {
    const space = rest.lastIndexOf(' ', WIDTH)
    // A word that is longer than a line stays whole.
    const end = rest.slice(0, space).trim() === '' ? rest.indexOf(' ', WIDTH) : space
    if (end === -1) break
    lines.push(rest.slice(0, end).trimEnd())
    rest = `    ${rest.slice(end + 1)}`
  }
  return [...lines, rest.trimEnd()]
}
