import type { BytePattern } from '@ringwall/wire/pattern'
import type { NumberTest } from '../language/number.ts'
import type { Search } from './search.ts'

/** Where a step looks: from the buffer's beginning, or behind what the step before it found. */
export interface Window {
  readonly relative: boolean
  /** `offset`, or `distance` where it is relative. */
  readonly from: number
  /** The window's length in bytes, `depth` or `within`; Infinity where it has none. */
  readonly length: number
}

/** One condition on a buffer, in the order of the rule. */
export type Step =
  | {
      readonly kind: 'content'
      readonly search: Search
      readonly negated: boolean
      readonly window: Window
      readonly atEnd: boolean
    }
  | { readonly kind: 'pcre'; readonly pattern: BytePattern; readonly negated: boolean; readonly relative: boolean }
  | { readonly kind: 'data'; readonly bytes: number; readonly negated: boolean; readonly relative: boolean }
  | { readonly kind: 'size'; readonly test: NumberTest }

/** Places while a chain is being followed, ascending: ends of the last match, and what is being found. Grown to the longest buffer seen. */
let ends = new Int32Array(1_024)
let found = new Int32Array(1_024)

/**
 * The steps that hold for one buffer. What may stand where is followed as the set of all places where the last match can have
 * ended, so that the time is at most the buffer's length times the steps': nothing is tried and taken back.
 */
export class Chain {
  readonly steps: readonly Step[]
  /** For each step whether a later one looks behind where it ended. */
  readonly #followed: readonly boolean[]

  constructor(steps: readonly Step[]) {
    this.steps = steps
    this.#followed = steps.map((_, index) => {
      const next = steps.slice(index + 1).find(step => isRelative(step) || moves(step))
      return next !== undefined && isRelative(next)
    })
  }

  matches(bytes: Uint8Array, start: number, end: number): boolean {
    if (ends.length < end - start + 2) {
      ends = new Int32Array(2 * (end - start + 2))
      found = new Int32Array(ends.length)
    }
    ends[0] = start
    let count = 1
    for (let i = 0; i < this.steps.length; i++) {
      count = take(this.steps[i], this.#followed[i], bytes, start, end, count)
      if (count === 0) return false
    }
    return true
  }
}

type ContentStep = Step & { readonly kind: 'content' }

function isRelative(step: Step): boolean {
  return step.kind === 'content' ? step.window.relative : step.kind !== 'size' && step.relative
}

/** Whether the next relative step looks behind this one. */
function moves(step: Step): boolean {
  return (step.kind === 'content' || step.kind === 'pcre') && !step.negated
}

/** Takes a step; gives how many ends there are now, 0 where it fails. */
function take(step: Step, followed: boolean, bytes: Uint8Array, start: number, end: number, count: number): number {
  switch (step.kind) {
    case 'size':
      return step.test(end - start) ? count : 0
    case 'data':
      if (!step.relative) return end - start > step.bytes !== step.negated ? count : 0
      return withData(step.bytes, step.negated, end, count)
    case 'content':
      if (!step.window.relative) return plain(step, followed, bytes, start, end, count)
      return step.negated ? withoutContent(step, bytes, start, end, count) : withContent(step, bytes, start, end, count)
    case 'pcre':
      return pcre(step, followed, bytes, start, end, count)
  }
}

function withData(wanted: number, negated: boolean, end: number, count: number): number {
  let kept = 0
  for (let i = 0; i < count; i++) if (end - ends[i] > wanted !== negated) ends[kept++] = ends[i]
  return kept
}

/** A content that is looked for from the buffer's beginning on. */
function plain(
  { search, negated, window, atEnd }: ContentStep,
  followed: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
): number {
  const last = Math.min(end, start + window.from + window.length)
  const first = atEnd ? Math.max(start + window.from, end - search.length) : start + window.from
  if (atEnd && last < end) return negated ? count : 0
  if (negated) return search.next(bytes, first, last) < 0 ? count : 0
  if (followed) return search.all(bytes, first, last, ends)
  return search.next(bytes, first, last) < 0 ? 0 : 1
}

/** All occurrences of a content that lie in the window behind some end. */
function withContent(
  { search, window, atEnd }: ContentStep,
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
): number {
  const all = occurrences(search, window, atEnd, bytes, start, end)
  let kept = 0
  let near = 0
  for (let i = 0; i < all; i++) {
    // The nearest end before it leaves the most room.
    while (near + 1 < count && ends[near + 1] + window.from <= found[i] - search.length) near++
    if (found[i] <= ends[near] + window.from + window.length) found[kept++] = found[i]
  }
  swap()
  return kept
}

/** The ends behind which a content does not stand in its window. */
function withoutContent(
  { search, window, atEnd }: ContentStep,
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
): number {
  const all = occurrences(search, window, atEnd, bytes, start, end)
  let kept = 0
  let next = 0
  for (let i = 0; i < count; i++) {
    while (next < all && found[next] - search.length < ends[i] + window.from) next++
    const stands = next < all && found[next] <= ends[i] + window.from + window.length
    if (!stands) ends[kept++] = ends[i]
  }
  return kept
}

/** Finds all occurrences that lie behind the first end. */
function occurrences(
  search: Search,
  window: Window,
  atEnd: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const first = Math.max(start, ends[0] + window.from, atEnd ? end - search.length : start)
  return search.all(bytes, first, end, found)
}

/** A negated pattern is never relative: that could not be told in linear time. */
function pcre(
  { pattern, negated, relative }: Step & { readonly kind: 'pcre' },
  followed: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
): number {
  if (!relative && (negated || !followed)) return pattern.test(bytes, start, end) !== negated ? count : 0
  if (!relative) ends[0] = start
  const ways = pattern.ends(bytes, end, ends, relative ? count : 1, found)
  swap()
  return ways
}

function swap(): void {
  const before = ends
  ends = found
  found = before
}
