import Type from 'typebox'
import { choice, count, duration, flag, list, section, text } from '../../config/leaf.ts'
import type { Shape } from '../../config/shape.ts'
import { FIELDS } from '../scenario/fields.ts'

const sentence = Type.Optional(text('sentence', { description: 'Text.' }))
const sentences = Type.Optional(list(text('sentence', { description: 'Text.' }), { description: 'Texts.' }))
const names = Object.keys(FIELDS)

const meta = {
  title: text('sentence', { description: 'What it finds.' }),
  id: sentence,
  name: sentence,
  status: Type.Optional(
    choice(['stable', 'test', 'experimental', 'deprecated', 'unsupported'], { description: 'Status.' }),
  ),
  description: sentence,
  references: sentences,
  author: sentence,
  license: sentence,
  date: sentence,
  modified: sentence,
  tags: sentences,
  fields: sentences,
  falsepositives: sentences,
  level: choice(['informational', 'low', 'medium', 'high', 'critical'], {
    description: 'How bad it is.',
    default: 'medium',
  }),
}

const rule = section(
  {
    ...meta,
    logsource: section(
      {
        product: choice(['ringwall'], { description: 'The events of Ringwall.' }),
        service: choice(['events'], { description: 'The events of Ringwall.' }),
        definition: sentence,
      },
      { description: 'What the rule reads.' },
    ),
  },
  { description: 'A Sigma rule; its detection is read apart.' },
)

const number = Type.Optional(count({ description: 'A number.' }, { minimum: 1, maximum: 256 }))

const correlation = section(
  {
    ...meta,
    correlation: section(
      {
        type: choice(['event_count', 'value_count', 'temporal', 'temporal_ordered'], {
          description: 'How rules are joined.',
        }),
        rules: list(
          text('sentence', { description: 'The name or id of a rule in the same file.' }),
          { description: 'Rules.' },
          1,
        ),
        'group-by': list(choice(names, { description: 'A field.' }), {
          description: 'What they have in common.',
          default: [],
        }),
        timespan: duration({ description: 'Within which time.' }, { maximum: 366 * 86_400_000 }),
        condition: Type.Optional(
          section(
            { gte: number, gt: number, field: Type.Optional(choice(names, { description: 'A field.' })) },
            { description: 'How many.' },
          ),
        ),
        generate: flag({ description: 'Whether its rules raise alarms themselves.', default: false }),
      },
      { description: 'The correlation.' },
    ),
  },
  { description: 'A Sigma correlation.' },
)

export type Rule = Type.Static<typeof rule>
export type Correlation = Type.Static<typeof correlation>

export const ruleShape = rule as unknown as Shape
export const correlationShape = correlation as unknown as Shape
