import { filterMatches } from '@ringwall/wire'
import Type from 'typebox'
import { compileGlobs } from '../../config/glob.ts'
import { list, section, text } from '../../config/leaf.ts'
import { Flaw, type Problem, quote } from '../../config/problem.ts'
import { read } from '../../config/read.ts'
import type { Shape } from '../../config/shape.ts'
import { readYaml } from '../../config/yaml.ts'
import type { Alarm } from '../../evidence/alarm.ts'
import { networkOf } from './functions.ts'
import { complaints } from './read.ts'

const shape = section(
  {
    allow: list(
      section(
        {
          scenario: text('name', { description: 'The scenario, or `*` for all.' }, '^([a-z][a-z0-9-]{0,63}|\\*)$'),
          device: Type.Optional(text('glob', { description: 'Device ids.' })),
          address: Type.Optional(text('network', { description: 'An address or network.' })),
          topic: Type.Optional(text('filter', { description: 'A topic filter.' })),
          owner: text('sentence', { description: 'Who answers for it.' }),
          reason: text('sentence', { description: 'Why it is fine.' }),
          expires: text(
            'name',
            { description: 'The day it ends, such as 2027-01-31, in UTC.' },
            '^\\d{4}-\\d{2}-\\d{2}$',
          ),
        },
        { description: 'What is no alarm, for whom, and until when.' },
      ),
      { description: 'The entries.' },
    ),
  },
  { description: 'An allow-list.' },
)

type Written = Type.Static<typeof shape>['allow'][number]

/** An entry of an allow-list, checked. */
export interface Allowance {
  readonly scenario: string
  readonly owner: string
  readonly reason: string
  /** Wall milliseconds: from here on it counts no more. */
  readonly expires: number
  /** The entry's place, for messages. */
  readonly place: Problem['place']
  covers(alarm: Pick<Alarm, 'device' | 'address' | 'topic'>): boolean
}

const DAY = 86_400_000

/** Reads an allow-list. An entry without owner, reason or end, or one that allows everything, is a problem. */
export function readAllowList(text: string, file: string): { allowances: Allowance[]; problems: Problem[] } {
  const { source, problems } = readYaml(text, file)
  if (source === undefined) return { allowances: [], problems }
  const complain = complaints(source, problems)
  const written = read(shape as unknown as Shape, source.value, [], { folder: '', report: complain })
  if (problems.length > 0) return { allowances: [], problems }
  const allowances = (written as { allow: Written[] }).allow.map((each, index): Allowance => {
    const { scenario, device, address, topic, owner, reason } = each
    const path = ['allow', index]
    if (device === undefined && address === undefined && topic === undefined) {
      complain('allow_all', new Flaw('it is for everybody', 'Name a device, an address or a topic.'), path)
    }
    const day = Date.parse(`${each.expires}T00:00:00Z`)
    if (Number.isNaN(day)) {
      complain('allow_expires', new Flaw(`${quote(each.expires)} is no day`, 'Write it as 2027-01-31.'), [
        ...path,
        'expires',
      ])
    }
    return { scenario, owner, reason, expires: day + DAY, place: source.place(path), covers: coverage(each) }
  })
  return { allowances, problems }
}

function coverage({ device, address, topic }: Written): Allowance['covers'] {
  const devices = device === undefined ? null : compileGlobs([device])
  const network = address === undefined ? null : networkOf(address)
  return alarm =>
    (devices === null || devices(alarm.device)) &&
    (network === null || network instanceof Flaw || network(alarm.address)) &&
    (topic === undefined || filterMatches(topic, alarm.topic))
}

/** The entries that have ended, as warnings. @param wall milliseconds since the Unix epoch. */
export function expired(allowances: readonly Allowance[], wall: number): Problem[] {
  return allowances
    .filter(({ expires }) => wall >= expires)
    .map(({ scenario, owner, expires, place }) => ({
      code: 'allow_expired',
      what: `what is allowed of ${scenario} ended on ${new Date(expires - DAY).toISOString().slice(0, 10)} and counts no more`,
      hint: `Remove it, or let ${owner} decide anew.`,
      place,
    }))
}

/** Whether an alarm is allowed at its own time. */
export function compileAllowList(allowances: readonly Allowance[]): (alarm: Omit<Alarm, 'happenings'>) => boolean {
  return alarm =>
    allowances.some(
      each =>
        (each.scenario === '*' || each.scenario === alarm.scenario) && alarm.time < each.expires && each.covers(alarm),
    )
}
