import Type from 'typebox'
import { choice, count, duration, list, rate, section, text } from '../leaf.ts'

/** From mildest to hardest. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const

/** What a quarantined device may not do, beside its narrowed rates. */
export const QUARANTINES = ['narrow', 'commands', 'silent'] as const

const posture = (description: string) => choice(['watched', 'restricted', 'quarantined'], { description })

const second = { minimum: 1_000 }

const quiet = (where: string, value: string) =>
  duration({ description: `How long a device that is ${where} stays so without anything new.`, default: value }, second)

const action = section(
  {
    when: section(
      {
        scenario: text(
          'name',
          { description: 'The scenarios, by name; `*` is any number of characters.', default: '*' },
          '^[A-Za-z0-9._*?-]{1,64}$',
        ),
        severity: choice(SEVERITIES, { description: 'The least severity.', default: 'high' }),
      },
      { description: 'Which alarms.', default: {} },
    ),
    do: choice(['block', 'disconnect', 'posture'], {
      description:
        'What is done. `block`: the device, or where none is known its address, for a time. `disconnect`: the device, once. `posture`: the device is raised to `posture`.',
    }),
    posture: Type.Optional(posture('The posture that the device is raised to. Only with `do: posture`.')),
    for: duration({ description: 'How long a block lasts.', default: '10m' }, second),
  },
  { description: 'What is done about some alarms; the first entry that fits an alarm counts.' },
)

const refusals = section(
  {
    count: count({ description: 'Refused acts of one device.' }, { minimum: 1, maximum: 1_000 }),
    within: duration({ description: 'The time in which they are counted.', default: '1m' }, second),
    posture: posture('The posture that the device is raised to.'),
  },
  {
    description:
      'Raises a device by its refused acts alone. Absent: they raise nobody. At most 20 of a kind are counted by device and minute.',
  },
)

/** Blocks, postures, and what is done about alarms. */
export const prevention = section(
  {
    mode: choice(['observe', 'enforce'], {
      description: 'Whether `actions` are carried out, or only told in the log. What a person orders always counts.',
      default: 'observe',
    }),
    protected: list(text('protected', { description: 'An address, a network, or a device id with `*` and `?`.' }), {
      description:
        'Who is never blocked, whatever the alarm, and by hand with `--force` only. This machine and `listen.mqtts.proxyProtocol.trusted` always are.',
      default: [],
    }),
    actions: list(action, { description: 'What is done about alarms of scenarios.', default: [] }),
    reactions: rate({
      description: 'Blocks, disconnections and postures that alarms may bring about, in all; more are only told.',
      default: '10/m',
    }),
    refusals: Type.Optional(refusals),
    quiet: section(
      {
        watched: quiet('watched', '1h'),
        restricted: quiet('restricted', '1h'),
        quarantined: quiet('quarantined', '4h'),
      },
      { description: 'How postures decay: after its quiet time a device goes down one step.', default: {} },
    ),
    quarantine: choice(QUARANTINES, {
      description:
        'What a quarantined device may not do, where the guard `quarantine` is enforced. `narrow`: nothing, only its rates are narrowed. `commands`: send what a profile calls a command. `silent`: publish at all. Groups may differ.',
      default: 'commands',
    }),
  },
  { description: 'Blocks, postures, and what is done about alarms: see docs/prevention.md.', default: {} },
)
