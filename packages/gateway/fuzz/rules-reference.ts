import type { MadeRule, MadeStep } from './rules-make.ts'

/** The texts of a packet's buffers by keyword. */
export type Buffers = ReadonlyMap<string, readonly string[]>

/** The sids that fire, found by trying every way in turn: slow, and nothing like the engine. */
export function referenceSids(rules: readonly MadeRule[], buffers: Buffers): number[] {
  return rules
    .filter(({ chains }) =>
      chains.every(({ keyword, steps }) =>
        (buffers.get(keyword) ?? []).some(text => text !== '' && follows(steps, text, 0)),
      ),
    )
    .map(({ sid }) => sid)
}

/** Whether the steps hold, the last match having ended at `last`. */
function follows(steps: readonly MadeStep[], text: string, last: number): boolean {
  const [step, ...rest] = steps
  if (step === undefined) return true
  const places = placesOf(step, text, last)
  if (step.negated) return places.length === 0 && follows(rest, text, last)
  return places.some(place => follows(rest, text, place + step.text.length))
}

/** Where a content stands in its window. */
function placesOf(step: MadeStep, text: string, last: number): number[] {
  const { offset = 0, depth, distance, within } = step
  const relative = distance !== undefined || within !== undefined
  const first = relative ? last + (distance ?? 0) : offset
  const end = relative
    ? within === undefined
      ? text.length
      : first + within
    : depth === undefined
      ? text.length
      : offset + depth
  const fold = (one: string) => (step.nocase ? one.toLowerCase() : one)
  const places: number[] = []
  for (let at = 0; at + step.text.length <= text.length; at++) {
    const stop = at + step.text.length
    if (at < first || stop > end) continue
    if (step.startswith && at !== 0) continue
    if (step.endswith && stop !== text.length) continue
    if (fold(text.slice(at, stop)) === fold(step.text)) places.push(at)
  }
  return places
}
