import Type from 'typebox'
import { choice, count, duration, flag, list, section, text } from '../../config/leaf.ts'
import type { Shape } from '../../config/shape.ts'
import { KINDS } from '../../evidence/happening.ts'
import { FIELDS } from './fields.ts'

const YEAR = 366 * 86_400_000
const long = { maximum: YEAR }
const names = Object.keys(FIELDS)
const field = (description: string) => choice(names, { description })
const fields = (description: string) => list(field('A field of happenings.'), { description }, 1)
const on = list(choice(KINDS, { description: 'A kind of happening.' }), { description: 'The kinds that count.' }, 1)
const filter = Type.Optional(text('sentence', { description: 'A condition over the fields of a happening.' }))
const trigger = section({ on, filter }, { description: 'Which happenings are meant.' })
const least = (minimum: number) =>
  count({ description: 'Intervals before anything is said.', default: minimum }, { minimum: 3, maximum: 100_000 })
const jitter = (percent: number) =>
  count(
    { description: 'Standard deviation of the intervals, at most so many percent of their mean.', default: percent },
    { minimum: 1, maximum: 1_000 },
  )

const schema = section(
  {
    name: text('name', { description: 'Lowercase letters, digits and `-`.' }, '^[a-z][a-z0-9-]{0,63}$'),
    title: text('sentence', { description: 'What it finds, in a few words.' }),
    severity: choice(['info', 'low', 'medium', 'high', 'critical'], { description: 'How bad it is.' }),
    technique: text('name', { description: 'ATT&CK for ICS, such as T0814.' }, '^T[0-9]{4}(\\.[0-9]{3})?$'),
    labels: list(text('name', { description: 'A word.' }), { description: 'For whoever sorts alarms.', default: [] }),
    on,
    filter,
    novel: Type.Optional(
      section(
        {
          of: field('What must be new.'),
          by: fields('For whom.'),
          after: duration({ description: 'How long all is learned before anything is new.' }, long),
        },
        { description: 'Only what a subject has not had in its first time.' },
      ),
    ),
    absence: Type.Optional(
      section(
        {
          until: trigger,
          within: duration({ description: 'How long it may take.' }, long),
          key: fields('What both have in common.'),
        },
        { description: 'Something that should follow and does not.' },
      ),
    ),
    sequence: Type.Optional(
      section(
        {
          key: list(field('A field of happenings.'), {
            description: 'What the steps have in common, where it is not what groupby says.',
            default: [],
          }),
          next: list(trigger, { description: 'What follows.' }, 1),
          unless: Type.Optional(trigger),
          within: duration({ description: 'From the first to the last.' }, long),
          ordered: flag({ description: 'Whether the order counts.', default: true }),
        },
        { description: 'Several that follow each other.' },
      ),
    ),
    periodic: Type.Optional(
      section(
        {
          least: least(10),
          jitter: jitter(10),
          shortest: duration({ description: 'The shortest interval that counts.' }, long),
          longest: duration({ description: 'The longest.' }, long),
        },
        { description: 'Even intervals.' },
      ),
    ),
    silence: Type.Optional(
      section(
        {
          least: least(20),
          jitter: jitter(100),
          times: count(
            { description: 'Mean intervals that it may stay away.', default: 10 },
            { minimum: 2, maximum: 10_000 },
          ),
          shortest: duration({ description: 'It may always stay away so long.' }, long),
        },
        { description: 'A subject that has come evenly and stays away.' },
      ),
    ),
    groupby: list(field('A field of happenings.'), {
      description: 'What happenings have in common that are counted together; none: the whole site.',
      default: [],
    }),
    capacity: count({ description: 'More than this is too much.', default: 0 }, { maximum: 1_000_000 }),
    leakspeed: Type.Optional(duration({ description: 'In this time one leaks out.' }, long)),
    within: Type.Optional(duration({ description: 'More than the capacity within this time is too much.' }, long)),
    distinct: Type.Optional(field('Only different values of it count.')),
    blackhole: duration({ description: 'How long it is silent after an alarm.', default: '10m' }, long),
    subjects: count({ description: 'Subjects kept at once.', default: 4_096 }, { minimum: 16, maximum: 1_000_000 }),
    say: text('sentence', { description: 'A sentence with {field} and {figure} in it.' }),
  },
  { description: 'A scenario.' },
)

/** A scenario as its file has it. */
export type Written = Type.Static<typeof schema>

export const scenarioShape = schema as unknown as Shape
