import Type from 'typebox'
import { choice, count, duration, list, section, text } from '../leaf.ts'
import { devices } from './identity.ts'

const mode = section(
  {
    topic: text('topic', { description: 'The topic on which the mode is told, without wildcards.' }),
    from: list(
      text('glob', { description: 'A device id, or a glob such as `controller-*`.' }),
      { description: 'The devices that are believed. What others say there is a finding, and nothing more.' },
      1,
    ),
    states: list(
      text('name', { description: 'The name of a mode.' }, '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
      { description: 'The modes; the payload is one of these words, with or without quotation marks.' },
      1,
    ),
  },
  { description: 'The operating mode from a trusted topic, in place of `profiles.mode`.' },
)

/** The days of the week, as `Date.getUTCDay` counts them. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

const maintenance = section(
  {
    devices: devices('The devices that are worked on, by id.'),
    days: list(choice(DAYS, { description: 'A day of the week.' }), {
      description: 'The days on which it begins.',
      default: [...DAYS],
    }),
    at: text('name', { description: 'When it begins, UTC: `02:30`.' }, '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    for: duration({ description: 'How long it lasts.' }, { minimum: 60_000, maximum: 86_400_000 }),
    reason: text('sentence', { description: 'Why, for the log and the list.' }),
  },
  { description: 'A maintenance window that comes again.' },
)

/** What the guards are told of the plant. */
export const context = section(
  {
    mode: Type.Optional(mode),
    maintenance: list(maintenance, {
      description:
        'Windows in which rhythm is neither judged nor learned; others are opened by `ringwall maintenance open`.',
      default: [],
    }),
    stale: duration({
      description: 'A mode that nobody has told for so long is not known any more.',
      default: '7d',
    }),
  },
  { description: 'The context in which acts are judged: see docs/rhythm.md.', default: {} },
)

const tier = (told: string, delay: string, buffered: number) =>
  section(
    {
      delay: duration({ description: 'From what delay of the event loop on.', default: delay }),
      buffered: count(
        { description: 'From what share of `limits.buffered` in use on, in percent.', default: buffered },
        { minimum: 1, maximum: 100 },
      ),
    },
    { description: told, default: {} },
  )

/** When a worker calls itself busy. */
export const load = section(
  {
    busy: tier('The first tier: told, and nothing else.', '30ms', 25),
    strained: tier('The second: devices above their baseline are narrowed.', '150ms', 50),
    overloaded: tier('The third: they are narrowed further.', '500ms', 75),
    recovery: duration({
      description: 'How long it must have been better until a worker goes one tier down.',
      default: '5s',
    }),
  },
  { description: 'The load tiers of a worker: see docs/limits.md.', default: {} },
)
