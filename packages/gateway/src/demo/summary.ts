import type { Scorecard } from '@ringwall/lab'
import type { Drift } from './drift.ts'
import type { Rehearsal } from './rehearsal.ts'
import { OBSERVING } from './stopper.ts'

/** How the guards took the honest fleet. */
export interface Honest extends Rehearsal {
  /** In real time, while nobody used the identity of the device in question. */
  readonly live: { readonly messages: number; readonly flagged: number; readonly first: readonly string[] }
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
export function demoScore(card: Scorecard, { honest, drifts }: Rehearsed, flagged: readonly string[]): DemoScore {
  const live = { messages: card.published, flagged: flagged.length, first: flagged.slice(0, TOLD) }
  return { ...card, honest: { ...honest, live }, drifts }
}

/** Whether an attack had an effect, or an honest message was lost or flagged. */
export function isHarmed({ lost, attacks, honest }: DemoScore): boolean {
  if (lost > 0 || honest.flagged > 0 || honest.live.flagged > 0) return true
  return attacks.some(({ effect, error }) => effect > 0 || error !== null)
}

/** The scorecard in words, a line each. */
export function summary({ devices, published, delivered, lost, attacks, honest, drifts }: DemoScore): string {
  const lines = attacks.map(({ name, technique, attempts, effect, stoppedBy, error, named }) => {
    const end = error === null ? '' : ` (not carried out: ${error})`
    const at = named
      ? `; named at ${named.deviation} ${named.unit}, where ${named.tolerance} ${named.unit} are tolerated`
      : ''
    return `${name} (${technique}): ${attempts} attempts, effect ${effect}, ${fate(stoppedBy)}${at}${end}`
  })
  const without = attacks.filter(({ effect, error }) => effect === 0 && error === null).length
  const { minutes, messages, connects, flagged, modes, live } = honest
  return [
    `${devices} devices published ${published}, delivered ${delivered}, lost ${lost}.`,
    `Of ${messages} honest messages and ${connects} CONNECTs in ${minutes} simulated minutes (${modes.join(', ')}) ${flagged} were flagged; of those sent just now ${live.flagged}.`,
    ...[...honest.first, ...live.first].map(line => `  flagged: ${line}`),
    ...lines,
    ...drifts.map(told),
    `${without} of ${attacks.length} attacks had no effect.`,
  ].join('\n')
}

function told({ rate, named, seconds, deviation, by }: Drift): string {
  const what = `A level that drifts by ${rate} mm/s, in simulated time:`
  if (named === null) return `${what} not named in ${seconds} s, up to ${deviation} m.`
  return `${what} named by ${by} after ${seconds} s at ${named.deviation} m; ${named.tolerance} m are tolerated.`
}

function fate(stoppedBy: string): string {
  if (stoppedBy.endsWith(OBSERVING)) return `not stopped; ${stoppedBy.slice(0, -OBSERVING.length)} would have`
  return stoppedBy === '' ? 'not stopped' : `stopped by ${stoppedBy}`
}
