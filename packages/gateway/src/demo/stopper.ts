import { setTimeout as sleep } from 'node:timers/promises'
import type { AttackTrace, Stopper } from '@ringwall/lab'
import type { Verdict } from '../contract/index.ts'
import type { VerdictMemory } from '../desk/memory.ts'

/** Verdicts reach the main thread within this many milliseconds. */
const REPORTED = 600
/** Clocks are the same machine's; what an attack set off may be decided a little later. */
const SLACK = 500

/** Behind the name of a guard that only observed, and would have stopped the attack. */
export const OBSERVING = ', observing'

/** Says from the gateway's own verdicts what stopped an attack: the floor or a guard that refused, slowed or ended its acts, or one that observes and would have; and when it first spoke. */
export function stopperFrom(memory: VerdictMemory): (trace: AttackTrace) => Promise<Stopper> {
  return async trace => {
    await sleep(Math.max(0, trace.to + REPORTED - Date.now()))
    const verdicts = memory.latest(Number.POSITIVE_INFINITY, each => belongs(each, trace))
    const stopped = mostFrequent(verdicts.filter(({ decision }) => decision !== 'flag'))
    if (stopped !== '') return { by: stopped, first: firstOf(verdicts, stopped) }
    const observer = mostFrequent(verdicts)
    return observer === '' ? { by: '' } : { by: `${observer}${OBSERVING}`, first: firstOf(verdicts, observer) }
  }
}

function firstOf(verdicts: readonly Verdict[], by: string): number {
  return Math.min(
    ...verdicts.filter(({ findings }) => findings.some(({ guard }) => guard === by)).map(({ time }) => time),
  )
}

/** More than nothing, and less than any finding. */
const A_LITTLE = 1e-6

/** What follows from an alarm about the same attack, and is not what stopped it first. */
const CONSEQUENCE = 'device_blocked'

function mostFrequent(verdicts: readonly Verdict[]): string {
  const counts = new Map<string, number>()
  for (const { findings } of verdicts) {
    for (const { guard, code } of findings) {
      counts.set(guard, (counts.get(guard) ?? 0) + (code === CONSEQUENCE ? A_LITTLE : 1))
    }
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return most?.[0] ?? ''
}

function belongs(verdict: Verdict, { devices, peers, from, to }: AttackTrace): boolean {
  if (verdict.time < from || verdict.time > to + SLACK) return false
  return verdict.device === '' ? peers.includes(verdict.peer) : devices.includes(verdict.device)
}
