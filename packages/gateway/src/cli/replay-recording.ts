import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { RingwallError } from '../base/error.ts'
import type { Divergence, LaneReplay, ReplayReport, Told } from '../hindsight/replay.ts'
import { printable, table } from './output.ts'
import { Progress } from './progress.ts'
import type { Outcome } from './verb.ts'

/** The first line of every file of age (C2SP age): recordings are sealed whole. */
const SEALED = 'age-encryption.org/v1\n'

/** Whether a file is there and is a sealed recording, no capture; one that is named as such is, whatever became of it. */
export function isRecording(path: string): boolean {
  if (path.endsWith('.rec.age')) return true
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(SEALED.length)
    return readSync(file, head, 0, head.length, 0) === head.length && head.toString('latin1') === SEALED
  } finally {
    closeSync(file)
  }
}

/** `ringwall replay FILE.rec.age… --identity KEY`: judges recordings again. Status 0: every lane came to the same; 1: one did not. */
export async function replayRecording(paths: readonly string[], identity: string | undefined): Promise<Outcome> {
  if (identity === undefined) {
    const hint = 'Name the file that `ringwall record keygen` wrote by --identity.'
    throw new RingwallError('identity_missing', 'an identity opens recordings', hint)
  }
  const [{ replayRecordings }, { readIdentities }] = await Promise.all([
    import('../hindsight/replay.ts'),
    import('../recording/identity.ts'),
  ])
  const size = paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0)
  const progress = new Progress(paths.length === 1 ? (paths[0] ?? '') : `${paths.length} segments`, size)
  const report = await replayRecordings(paths, readIdentities(identity), bytes => progress.add(bytes)).finally(() =>
    progress.end(),
  )
  if (report.acts === 0) throw emptyRecording(paths[0] ?? '')
  return { status: report.same ? 0 : 1, text: replayText(report), json: report }
}

/** Of recordings in which nothing stands it would be wrong to say that all is the same. */
export function emptyRecording(file: string): RingwallError {
  const hint = 'It ended before its first chunk of 64 KiB was written: take another.'
  return new RingwallError('recording_empty', 'no act can be read from what is recorded', hint, { file })
}

function replayText({ lanes, cut, acts, same }: ReplayReport): string {
  const rows = lanes.map(lane => [
    lane.device,
    String(lane.acts),
    String(lane.missed),
    String(lane.silent),
    lane.live.slice(0, 16),
    lane.now.slice(0, 16),
    lane.same ? 'same' : 'DIFFERS',
  ])
  const heads = ['device', 'acts', 'missing', 'not evaluable', 'digest live', 'digest now', '']
  const differing = lanes.filter(lane => !lane.same)
  const lines = [
    ...cut.map(each => `${each} has no end: it was judged up to its last whole chunk.`),
    ...differing.flatMap(divergenceLines),
    `${acts} acts in ${lanes.length} lanes: ${same ? 'all came to the same.' : `${differing.length} lanes did not come to the same.`}`,
  ]
  return `${table([heads, ...rows])}${lines.map(printable).join('\n')}\n`
}

function divergenceLines({ device, segment, divergence }: LaneReplay): string[] {
  if (divergence === null) return [`${device} in ${segment}: what is recorded is not what was said live.`]
  const { number, time, action, address }: Divergence = divergence
  return [
    `${device} in ${segment}, act ${number} at ${time}: ${action} ${address}`,
    `  then  ${toldText(divergence.before)}`,
    `  now   ${divergence.now === null ? 'not evaluable' : toldText(divergence.now)}`,
  ]
}

function toldText({ decision, findings }: Told): string {
  return [decision, ...findings.map(({ guard, code, why }) => `${guard}:${code} (${why})`)].join(' ')
}
