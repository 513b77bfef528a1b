import { openContainer, type Watch } from '../recording/container.ts'
import type { RecordedAct } from '../recording/decode.ts'
import type { SegmentFile } from '../recording/folder.ts'
import type { SegmentHead, SessionHead } from '../recording/head.ts'
import type { Learned } from './stand.ts'

/** Something that happened, of one worker. What stands before an act has its time: wall milliseconds since the Unix epoch. */
export type Happened = { readonly worker: number; time: number } & (
  | { readonly kind: 'segment'; readonly head: SegmentHead }
  | ({ readonly kind: 'session'; readonly head: SessionHead } & Learned)
  | { readonly kind: 'act'; readonly id: string; readonly recorded: RecordedAct }
)

/** The id of an act: its segment, without the ending, and its number among the segment's acts, from 1 on. */
export const actId = (segment: string, number: number): string => `${segment.replace(/\.rec\.age$/, '')}#${number}`

interface Source {
  readonly items: AsyncGenerator<Happened>
  next: Happened
}

/**
 * What all workers recorded, in the order in which it happened: by the wall time of each act; what comes before an act goes with it.
 * Errors: those of `openContainer`.
 * @param cut is told of segments whose end is missing
 * @param watch is told of bytes that were read
 */
export async function* happened(
  segments: readonly SegmentFile[],
  identities: readonly string[],
  cut: (segment: string) => void,
  watch?: Watch,
): AsyncGenerator<Happened> {
  const workers = new Set(segments.map(({ worker }) => worker))
  const sources: Source[] = []
  for (const worker of workers) {
    const items = ofWorker(
      segments.filter(each => each.worker === worker),
      identities,
      cut,
      watch,
    )
    const first = await items.next()
    if (!first.done) sources.push({ items, next: first.value })
  }
  while (sources.length > 0) {
    const source = sources.reduce((soonest, each) => (isBefore(each.next, soonest.next) ? each : soonest))
    yield source.next
    const next = await source.items.next()
    if (next.done) sources.splice(sources.indexOf(source), 1)
    else source.next = next.value
  }
}

// At the same moment, what was sent comes before what it led to.
function isBefore(a: Happened, b: Happened): boolean {
  return a.time === b.time ? isDown(b) && !isDown(a) : a.time < b.time
}

const isDown = (each: Happened): boolean => each.kind === 'act' && each.recorded.act.direction === 'down'

async function* ofWorker(
  segments: readonly SegmentFile[],
  identities: readonly string[],
  cut: (segment: string) => void,
  watch?: Watch,
): AsyncGenerator<Happened> {
  for (const { path, name, worker } of segments) {
    const { records, isCut } = await openContainer(path, identities, watch)
    let number = 0
    let waiting: Happened[] = []
    let time = 0
    for (const read of records) {
      if (read.kind === 'end') continue
      if (read.kind === 'act') {
        time = read.recorded.scene.wall
        for (const each of waiting) yield { ...each, time }
        waiting = []
        yield { ...read, worker, time, id: actId(name, ++number) }
      } else waiting.push({ ...read, worker, time })
    }
    yield* waiting
    if (isCut()) cut(name)
  }
}
