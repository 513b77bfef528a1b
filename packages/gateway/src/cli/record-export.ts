import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { RingwallError, systemCode } from '../base/error.ts'
import { Hidden, REDACTIONS, type Redaction } from '../recording/redact.ts'
import { json, printable } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly identity: string
  readonly redact: readonly Redaction[]
  readonly pcap?: string
}

/** `ringwall record export`: what is in a segment, as JSON lines or as a capture, with what others must not see left out. */
export function exportVerb(record: Command): void {
  const command = verb(record, {
    name: 'export <segment>',
    summary: 'Open a segment: its acts as JSON lines on standard output, or as a capture for Wireshark.',
    example: 'ringwall record export recordings/SEGMENT.rec.age --identity recording.key --redact payload,device',
  })
    .requiredOption('--identity <file>', 'the age identity that opens it')
    .option('--redact <what>', `what to leave out, by commas: ${REDACTIONS.join(', ')}`, redactions, [])
    .option('--pcap <file>', 'write the packets as a capture instead')
  const note = (text: string): void => command.configureOutput().writeErr?.(text)
  runs<Options>(command, ([segment = ''], options) => exported(segment, options, note))
}

function redactions(text: string): Redaction[] {
  return text.split(',').map(word => {
    const known = REDACTIONS.find(each => each === word.trim())
    if (known !== undefined) return known
    throw new RingwallError('redaction_unknown', `nothing is called ${word}`, `Name some of ${REDACTIONS.join(', ')}.`)
  })
}

/** @param note what is not for standard output, where the acts go */
async function exported(
  segment: string,
  { identity, redact, pcap }: Options,
  note: (text: string) => void,
): Promise<Outcome> {
  const [{ openContainer }, { readIdentities }, { actLines, capture, devicesOf }] = await Promise.all([
    import('../recording/container.ts'),
    import('../recording/identity.ts'),
    import('../recording/export.ts'),
  ])
  const container = await openContainer(segment, readIdentities(identity))
  const cut = `${printable(segment)} has no end: this is all up to its last whole chunk.\n`
  if (pcap === undefined) {
    const records = [...container.records]
    const lines = [...actLines(records, new Hidden(redact, devicesOf(records)))]
    if (container.isCut()) note(cut)
    return { status: 0, text: lines.map(json).join(''), json: lines, lines: true }
  }
  if (redact.length > 0) {
    throw new RingwallError('redaction_packets', 'packets are exported as they were', 'Leave out --redact or --pcap.')
  }
  const { bytes, packets } = capture(container.records)
  try {
    writeFileSync(pcap, bytes, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const what = `the capture cannot be written (${systemCode(error)})`
    throw new RingwallError('file_unusable', what, 'Name a file that does not exist yet.', { file: pcap }, error)
  }
  if (container.isCut()) note(cut)
  return { status: 0, text: `${packets} packets in ${pcap}.\n`, json: { packets, file: pcap, cut: container.isCut() } }
}
