import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import type { ShownAlarm } from '../desk/alarms.ts'
import { controlPath, order } from './ask.ts'
import { printable, table } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'
import { whole } from './whole.ts'

interface Options {
  readonly config: string
  readonly socket?: string
  readonly most: number
}

/** `ringwall alarms`: which scenarios have come true, about whom, and what belongs to it. */
export function alarmsVerb(program: Command): void {
  const command = verb(program, {
    name: 'alarms [id]',
    summary: 'List the latest alarms of scenarios; with an id tell one whole.',
    example: 'ringwall alarms',
  })
    .option('--config <file>', 'the configuration of the running gateway', 'ringwall.yaml')
    .option('--socket <path>', 'its control socket, instead of the one in the configuration')
    .option('--most <n>', 'how many to list', whole, 20)
  runs<Options>(command, ([id], options) => alarms(id, options))
}

async function alarms(id: string | undefined, { config, socket, most }: Options): Promise<Outcome> {
  const path = `/alarms?most=${id === undefined ? most : 1_000}`
  const latest = (await order(socket ?? controlPath(config), 'GET', path)) as readonly ShownAlarm[]
  if (id === undefined) return { status: 0, text: list(latest), json: latest }
  const found = latest.find(each => each.id === id)
  if (found === undefined) {
    const hint = 'The latest thousand are kept; list them with `ringwall alarms`.'
    throw new RingwallError('alarm_unknown', `the gateway remembers no alarm ${id}`, hint)
  }
  return { status: 0, text: tell(found), json: found }
}

function list(latest: readonly ShownAlarm[]): string {
  if (latest.length === 0) return 'No alarms.\n'
  const rows = latest.map(({ id, time, severity, scenario, subject, why }) => [
    id,
    new Date(time).toISOString(),
    severity,
    scenario,
    subject,
    why,
  ])
  return table([['id', 'time', 'severity', 'scenario', 'about', 'why'], ...rows])
}

function tell({
  id,
  scenario,
  severity,
  technique,
  subject,
  time,
  began,
  why,
  figures,
  happenings,
  detection,
}: ShownAlarm): string {
  const lines = [
    `alarm     ${id}, ${scenario} (${severity})`,
    `technique ${technique === '' ? '-' : technique}`,
    `about     ${subject}`,
    `when      ${new Date(began).toISOString()} to ${new Date(time).toISOString()}`,
    `why       ${why}`,
    `figures   ${Object.entries(figures)
      .map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`)
      .join(', ')}`,
    ...told(detection),
    ...happenings.map(
      ({ kind, time: at, device, address, topic, code }) =>
        `event     ${new Date(at).toISOString()} ${[kind, device, address, topic, code].filter(each => each !== '').join(' ')}`,
    ),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

/** What a model made of it. */
function told(detection: ShownAlarm['detection']): string[] {
  if (detection === undefined) return []
  const { model, class: name, features } = detection
  return [
    `class     ${name}, of the model ${model}`,
    ...features.map(
      ({ name: feature, value, contribution }) =>
        `feature   ${feature} ${value === null ? 'unknown' : Number(value.toPrecision(6))}, contribution ${Number(contribution.toPrecision(3))}`,
    ),
  ]
}
