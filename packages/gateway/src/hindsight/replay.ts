import type { Finding } from '../contract/index.ts'
import { decisionOf } from '../path/judge.ts'
import { openContainer, type Watch } from '../recording/container.ts'
import type { RecordedAct } from '../recording/decode.ts'
import { LaneSums } from '../recording/digest.ts'
import type { LaneDigest, SegmentEnd } from '../recording/head.ts'
import { readOutcome } from '../recording/outcome.ts'
import { Retrial } from './retrial.ts'

/** What an act came to, in words. */
export interface Told {
  readonly decision: string
  readonly findings: readonly Finding[]
}

/** The first act of a lane that did not come to the same again. */
export interface Divergence {
  /** Of the segment's acts of this lane, from 1 on. */
  readonly number: number
  readonly time: string
  readonly action: string
  readonly address: string
  readonly before: Told
  /** Null where guards could not say all of it. */
  readonly now: Told | null
}

/** A lane of one segment. */
export interface LaneReplay {
  readonly segment: string
  readonly device: string
  readonly acts: number
  /** Acts that the recording does not have. */
  readonly missed: number
  /** The digest that was computed when it was recorded, of what was recorded, and of what it came to now. */
  readonly live: string
  readonly now: string
  readonly same: boolean
  /** Acts of which guards could not say anything now, for lack of input. */
  readonly silent: number
  readonly divergence: Divergence | null
}

export interface ReplayReport {
  readonly lanes: readonly LaneReplay[]
  /** Segments whose end is missing: they were judged up to their last whole chunk. */
  readonly cut: readonly string[]
  readonly acts: number
  readonly same: boolean
}

interface Watched {
  acts: number
  silent: number
  divergence: Divergence | null
}

/** Judges recordings again. Errors: those of `openContainer`, and `ConfigError` where their guards do not compile any more. */
export async function replayRecordings(
  paths: readonly string[],
  identities: readonly string[],
  progress?: Watch,
): Promise<ReplayReport> {
  const lanes: LaneReplay[] = []
  const cut: string[] = []
  for (const path of paths) {
    const { found, isCut } = await replaySegment(path, identities, progress)
    lanes.push(...found)
    if (isCut) cut.push(path)
  }
  const acts = lanes.reduce((sum, each) => sum + each.acts, 0)
  return { lanes, cut, acts, same: lanes.every(({ same }) => same) }
}

async function replaySegment(
  path: string,
  identities: readonly string[],
  progress?: Watch,
): Promise<{ found: LaneReplay[]; isCut: boolean }> {
  const { records, isCut } = await openContainer(path, identities, progress)
  const retrial = new Retrial()
  const then = new LaneSums()
  const now = new LaneSums()
  const watched = new Map<string, Watched>()
  let end: SegmentEnd | null = null
  for (const read of records) {
    if (read.kind === 'segment') retrial.segment(read.head)
    else if (read.kind === 'end') end = read.end
    else if (read.kind === 'session') {
      retrial.session(read.head, read)
      then.open(read.head, read.bytes)
      now.open(read.head, read.bytes)
    } else {
      const { recorded } = read
      then.add(recorded.lane, recorded.bytes, recorded.outcome)
      now.add(recorded.lane, recorded.bytes, watch(recorded, retrial, watched))
    }
  }
  const lives = new Map(end?.lanes.map(lane => [lane.device, lane]))
  const again = new Map(now.take().map(lane => [lane.device, lane]))
  const found = then.take().map(lane => compared(path, lane, lives.get(lane.device) ?? lane, again, watched))
  return { found, isCut: isCut() }
}

/** Judges an act again. @returns the outcome's bytes now; those of then where nothing else can be said. */
function watch(recorded: RecordedAct, retrial: Retrial, watched: Map<string, Watched>): Uint8Array {
  const device = retrial.stand(recorded.lane)?.principal.device ?? ''
  const lane = watched.get(device) ?? { acts: 0, silent: 0, divergence: null }
  watched.set(device, lane)
  lane.acts++
  const { outcome, same, silent } = retrial.act(recorded)
  if (silent.length > 0) lane.silent++
  if (!same) lane.divergence ??= divergenceOf(recorded, lane.acts, outcome)
  return outcome ?? recorded.outcome
}

function compared(
  segment: string,
  recorded: LaneDigest,
  live: LaneDigest,
  again: ReadonlyMap<string, LaneDigest>,
  watched: ReadonlyMap<string, Watched>,
): LaneReplay {
  const { device, acts, missed } = recorded
  const { silent = 0, divergence = null } = watched.get(device) ?? {}
  const now = again.get(device)?.digest ?? ''
  // What stands in the file must be what was said live, and what is said now as well.
  const same = live.digest === recorded.digest && live.digest === now && divergence === null
  return { segment, device, acts, missed, live: live.digest, now, same, silent, divergence }
}

function divergenceOf(recorded: RecordedAct, number: number, outcome: Uint8Array | null): Divergence {
  return {
    number,
    time: new Date(recorded.scene.wall).toISOString(),
    action: recorded.act.action,
    address: recorded.address.toString(),
    before: told(recorded.outcome),
    now: outcome === null ? null : told(Buffer.from(outcome)),
  }
}

export function told(bytes: Buffer): Told {
  const { decision, findings } = readOutcome(bytes)
  return { decision: decisionOf(decision as Parameters<typeof decisionOf>[0]), findings }
}
