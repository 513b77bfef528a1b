import type { Command } from 'commander'
import { formsText } from '../guards/rhythm-text.ts'
import type { RhythmSummary, RhythmView, TopicView } from '../lanes/rhythm-view.ts'
import { figure } from '../profile/law/index.ts'
import { asked, gatewayVerb, ordered, timeText, type Where } from './order.ts'
import { printable, table } from './output.ts'
import { type Outcome, runs } from './verb.ts'

/** `ringwall rhythm`: what was learned of devices, and what a person decides about it. */
export function rhythmVerbs(program: Command): void {
  const group = program.command('rhythm').description('What devices do every day, as the guard rhythm has learned it.')
  const list = gatewayVerb(group, {
    name: 'list',
    summary: 'List the devices of which something was learned.',
    example: 'ringwall rhythm list',
    isDefault: true,
  })
  runs<Where>(list, (_, where) => listAll(where))
  const show = gatewayVerb(group, {
    name: 'show <device>',
    summary: "Show a device's baseline: topics, intervals, sizes, by operating mode.",
    example: 'ringwall rhythm show pump-1',
  })
  runs<Where>(show, ([device], where) => showOne(device ?? '', where))
  const accept = gatewayVerb(group, {
    name: 'accept <device> [topic]',
    summary: 'Accept that a device has changed: it, or one topic, is learned anew; a topic that is new becomes known.',
    example: 'ringwall rhythm accept pump-1 plant/pump-1/state',
  })
  runs<Where>(accept, ([device, topic], where) => decide('accept', device ?? '', topic, where))
  const forget = gatewayVerb(group, {
    name: 'forget <device> [topic]',
    summary: 'Forget all that was learned of a device, or one topic, which is then one that it never used.',
    example: 'ringwall rhythm forget pump-1',
  })
  runs<Where>(forget, ([device, topic], where) => decide('forget', device ?? '', topic, where))
}

async function listAll(where: Where): Promise<Outcome> {
  const all = (await asked(where, '/rhythm')) as readonly RhythmSummary[]
  const rows = all.map(({ device, topics, learned, learning, full }) =>
    [
      device,
      `${topics}${full.length > 0 ? ` (no room for more: ${full.join(', ')})` : ''}`,
      modesText(learned),
      modesText(learning),
    ].map(printable),
  )
  const text =
    rows.length === 0
      ? 'Nothing was learned yet.\n'
      : table([['device', 'topics', 'learned', 'still learning'], ...rows])
  return { status: 0, text, json: all }
}

/** Baselines of a plant whose mode is not known have no name. */
const modeText = (mode: string): string => (mode === '-' ? '(no mode)' : mode)
const modesText = (modes: readonly string[]): string => modes.map(modeText).join(', ') || '-'

async function showOne(device: string, where: Where): Promise<Outcome> {
  const view = (await asked(where, `/rhythm/device?${new URLSearchParams({ device })}`)) as RhythmView
  const modes = view.modes.map(({ mode, learned, messages, frozen, busiest }) => [
    printable(modeText(mode)),
    `${figure(learned / 60_000)} min`,
    `${messages}`,
    `${busiest}`,
    frozen === null ? 'still learning' : timeText(frozen),
  ])
  const topics = view.topics.map(topicRow)
  const text = [
    table([['mode', 'connected', 'messages', 'busiest minute', 'learned'], ...modes]),
    table([['topic', 'way', 'mode', '9 of 10 after (s)', 'bytes', 'form', 'learned'], ...topics]),
    ...view.full.map(way => `Topics (${way}) found no room: those that are not here are not judged.\n`),
  ].join('\n')
  return { status: 0, text, json: view }
}

function topicRow({ topic, direction, mode, settled, sizes, forms, interval }: TopicView): string[] {
  const seconds = (milliseconds: number): string => figure(milliseconds / 1_000)
  const isHeard = direction === 'down'
  return [
    printable(topic === '' ? '(name lost)' : topic),
    direction,
    printable(mode),
    interval === null ? '-' : `${seconds(interval.low)} to ${seconds(interval.high)}`,
    isHeard ? '-' : `${sizes[0]} to ${sizes[1]}`,
    isHeard || forms === 0 ? '-' : formsText(forms),
    isHeard ? 'topic' : settled.join(', ') || 'still learning',
  ]
}

async function decide(
  kind: 'accept' | 'forget',
  device: string,
  topic: string | undefined,
  where: Where,
): Promise<Outcome> {
  const body = await ordered(where, `/rhythm/${kind}`, { device, topic })
  const what = printable(topic === undefined ? device : `${topic} of ${device}`)
  const told = kind === 'forget' ? 'is forgotten' : 'is learned anew'
  return { status: 0, text: `${what} ${told}.\n`, json: body }
}
