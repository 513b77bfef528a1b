import { basename } from 'node:path'
import { RingwallError } from '../base/error.ts'
import type { Told } from '../hindsight/replay.ts'
import type { Recorded, RecordedAct } from '../recording/decode.ts'
import type { SessionHead } from '../recording/head.ts'
import { hexdump } from './hexdump.ts'
import { printable } from './output.ts'
import type { Outcome } from './verb.ts'

/** As much of an act as is shown. */
const SHOWN = 1_024

interface Found {
  readonly recorded: RecordedAct
  readonly session: SessionHead | undefined
  readonly packet: Buffer
}

/** `ringwall explain SEGMENT#N --recording FILE --identity KEY`: a recorded act, its scene, and why it came to what it came to. */
export async function explainRecorded(id: string, file: string, identity: string): Promise<Outcome> {
  const number = Number(id.slice(id.lastIndexOf('#') + 1))
  if (!Number.isInteger(number) || number < 1) {
    const hint = 'Ids of recorded acts end in # and their number, as `ringwall whatif` prints them.'
    throw new RingwallError('act_unknown', `${id} names no recorded act`, hint, { file })
  }
  const segment = id.slice(0, id.lastIndexOf('#'))
  const name = basename(file).replace(/\.rec\.age$/, '')
  if (segment !== '' && file !== '-' && segment !== name) {
    const hint = `Name the recording ${segment}.rec.age, or say #${number} for the act of this one.`
    throw new RingwallError('act_unknown', `${id} is no act of this recording`, hint, { file })
  }
  const [{ openContainer }, { packetOf }, { readIdentities }, { told }] = await Promise.all([
    import('../recording/container.ts'),
    import('../recording/decode.ts'),
    import('../recording/identity.ts'),
    import('../hindsight/replay.ts'),
  ])
  const { records } = await openContainer(file, readIdentities(identity))
  const found = find(records, number, packetOf)
  if (found === null) {
    throw new RingwallError('act_unknown', `the recording has no act ${number}`, 'Look for the segment of the id.', {
      file,
    })
  }
  const { decision, findings } = told(found.recorded.outcome)
  const { act, scene, reads } = found.recorded
  const address = found.recorded.address.toString()
  const json = { id, device: found.session?.device, ...act, address, scene, reads: [...reads], decision, findings }
  return { status: 0, text: text(id, found, decision, findings), json }
}

function find(
  records: Iterable<Recorded>,
  number: number,
  packetOf: (act: RecordedAct, before: Buffer) => Buffer,
): Found | null {
  const sessions = new Map<number, SessionHead>()
  let packet: Buffer = Buffer.alloc(0)
  let left = number
  for (const read of records) {
    if (read.kind === 'session') sessions.set(read.head.lane, read.head)
    if (read.kind !== 'act') continue
    packet = packetOf(read.recorded, packet)
    if (--left === 0) return { recorded: read.recorded, session: sessions.get(read.recorded.lane), packet }
  }
  return null
}

function text(id: string, { recorded, session, packet }: Found, decision: string, findings: Told['findings']): string {
  const { act, scene, address, reads, payloads } = recorded
  const bytes = packet.subarray(0, SHOWN)
  const lines = [
    `act       ${id}, ${decision}`,
    `when      ${new Date(scene.wall).toISOString()}`,
    `who       ${session?.device ?? 'nobody known'} (${session?.roles.join(', ') ?? ''}), lane ${recorded.lane}, lease ${recorded.epoch}`,
    `what      ${act.direction} ${act.action} ${address.toString()}, QoS ${act.qos}${act.retain ? ', retained' : ''}`,
    `scene     keep-alive ${scene.keepAlive} ms, mode ${scene.mode}, posture ${scene.posture}, tier ${scene.tier}${scene.maintenance ? ', in maintenance' : ''}`,
    `read      ${reads.length === 0 ? 'nothing' : [...reads.subarray(0, 12)].join(', ')}${reads.length > 12 ? ' …' : ''}`,
    ...findings.flatMap(({ guard, code, severity, clause, why }) => [
      `finding   ${guard}: ${code} (${severity})`,
      `clause    ${clause === '' ? '-' : clause}`,
      `why       ${why}`,
    ]),
    `bytes     ${bytes.length} of ${packet.length} bytes${payloads === 'full' ? '' : ', the payload was not kept'}`,
    ...hexdump(bytes),
  ]
  return `${lines.map(printable).join('\n')}\n`
}
