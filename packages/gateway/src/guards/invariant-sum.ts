import type { Captures } from '@ringwall/wire'
import type { Report } from '../contract/index.ts'
import { figure } from '../profile/law/index.ts'
import type { Rule } from '../profile/types.ts'
import { modulo } from './invariant-counter.ts'

/**
 * Adds up a reading as the device does. Where counts are missing between, each of them adds what the reading's schema lets it
 * be; that says nothing any more once it comes to a whole `modulus`, or where the schema has no range.
 * @param missing how many counts are missing; below 0 where nobody knows
 */
export function judgeSums(rule: Rule, captures: Captures, words: Float64Array, missing: number, report: Report): void {
  if (missing < 0) return
  for (const each of rule.continuities) {
    if (each.kind !== 'sum') continue
    const { modulus, least, most } = each
    const tolerance = each.tolerance * (missing + 1)
    const width = missing === 0 ? 0 : missing * (most - least)
    if (modulus > 0 && !(width + 2 * tolerance < modulus)) continue
    const told = captures.values[each.slot]
    const sum = words[each.word] + captures.values[each.of] + (missing === 0 ? 0 : missing * least)
    const off = modulus > 0 ? modulo(told - sum + tolerance, modulus) - tolerance : told - sum
    if (Number.isNaN(off) || (off >= -tolerance && off <= width + tolerance)) continue
    const lowest = figure(modulus > 0 ? modulo(sum, modulus) : sum, 9)
    const highest = figure(modulus > 0 ? modulo(sum + width, modulus) : sum + width, 9)
    const between = missing === 0 ? lowest : `${lowest} to ${highest}, with ${missing} missing`
    const why = `${each.field} says ${figure(told, 9)}, the readings add up to ${between}`
    report.add('sum_mismatch', why, rule.profile, rule.criticality)
  }
}

export function learnSums(rule: Rule, captures: Captures, words: Float64Array): void {
  for (const each of rule.continuities) {
    if (each.kind === 'sum' && !Number.isNaN(captures.values[each.slot])) words[each.word] = captures.values[each.slot]
  }
}
