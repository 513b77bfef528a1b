import Type from 'typebox'
import { choice, count, duration, flag, list, section, text } from '../../config/leaf.ts'
import type { Problem } from '../../config/problem.ts'
import { read } from '../../config/read.ts'
import type { Shape } from '../../config/shape.ts'
import { readYaml } from '../../config/yaml.ts'
import type { Alarm } from '../../evidence/alarm.ts'
import { type Happening, happening, KINDS } from '../../evidence/happening.ts'
import { Engine } from './engine.ts'
import { complaints } from './read.ts'
import type { Scenario } from './scenario.ts'

const YEAR = 366 * 86_400_000
const word = Type.Optional(text('sentence', { description: 'May hold {n}, the number of the repetition, or {n%3}.' }))
const whole = Type.Optional(count({ description: 'A number.' }))
const VARIED = ['connection', 'packet', 'bytes', 'secret'] as const

const step = section(
  {
    from: duration(
      { description: 'When the first comes, from the beginning.', default: '0s' },
      { minimum: 0, maximum: YEAR },
    ),
    times: count({ description: 'How many.', default: 1 }, { minimum: 1, maximum: 1_000_000 }),
    every: duration({ description: 'From one to the next.', default: '1s' }, { minimum: 0, maximum: YEAR }),
    uneven: count({ description: 'How uneven, in percent of `every`.', default: 0 }, { maximum: 100 }),
    vary: list(choice(VARIED, { description: 'A number.' }), { description: 'Numbers that grow by one.', default: [] }),
    kind: choice(KINDS, { description: 'The kind.' }),
    device: word,
    address: word,
    connection: whole,
    topic: word,
    bytes: whole,
    qos: whole,
    retain: Type.Optional(flag({ description: 'Retained.' })),
    dup: Type.Optional(flag({ description: 'Perhaps sent before.' })),
    clean: Type.Optional(flag({ description: 'No session of before is wanted.' })),
    packet: whole,
    keepAlive: whole,
    code: word,
    guard: word,
    decision: word,
    user: word,
    secret: whole,
    crosses: word,
    roles: Type.Optional(list(text('name', { description: 'A role.' }), { description: 'Roles.' })),
  },
  { description: 'Happenings that are alike.' },
)

const made = list(
  section(
    {
      what: text('sentence', { description: 'What is made, in one sentence.' }),
      subject: Type.Optional(text('sentence', { description: 'Whom the alarm must be about.' })),
      until: duration({ description: 'When it ends.', default: '0s' }, { minimum: 0, maximum: YEAR }),
      happenings: list(step, { description: 'What happens.' }, 1),
    },
    { description: 'One made sequence.' },
  ),
  { description: 'Made sequences.' },
  1,
)

const shape = section({ fires: made, silent: made }, { description: 'The tests of a scenario.' })

type Written = Type.Static<typeof shape>
type Step = Type.Static<typeof step>

/** A made sequence that must fire, or a near miss that must not. */
export type Case = Written['fires'][number]

/** The tests of a scenario: at least one of each. */
export type Cases = Written

/** Made sequences begin on a Monday at midnight, UTC. */
const BEGIN = Date.UTC(2026, 0, 5)
const LONGEST = 1_000_000

/** Reads the tests of a scenario. */
export function readCases(text: string, file: string): { cases?: Cases; problems: Problem[] } {
  const { source, problems } = readYaml(text, file)
  if (source === undefined) return { problems }
  const complain = complaints(source, problems)
  const cases = read(shape as unknown as Shape, source.value, [], { folder: '', report: complain }) as Cases
  return problems.length > 0 ? { problems } : { cases, problems }
}

/** The alarms that a scenario alone raises over a made sequence. */
export function runCase(scenario: Scenario, each: Case): Alarm[] {
  const alarms: Alarm[] = []
  const engine = new Engine([scenario], { alarm: alarm => void alarms.push(alarm), isAllowed: () => false })
  for (const one of happeningsOf(each)) engine.take(one)
  engine.advance(BEGIN + each.until)
  return alarms
}

/** What is wrong with a case's outcome, or nothing. */
export function verdictOn(scenario: Scenario, each: Case, wanted: 'fires' | 'silent'): string | undefined {
  const alarms = runCase(scenario, each)
  if (wanted === 'silent') return alarms.length === 0 ? undefined : `it fired: ${alarms[0].why}`
  if (alarms.length === 0) return 'it did not fire'
  const about = alarms.map(({ subject }) => subject)
  if (each.subject === undefined || about.includes(each.subject)) return undefined
  return `it fired about ${about[0]}, not ${each.subject}`
}

function happeningsOf({ happenings }: Case): Happening[] {
  return happenings
    .flatMap(repeated)
    .slice(0, LONGEST)
    .sort((a, b) => a.time - b.time)
}

function repeated(step: Step): Happening[] {
  const { from, times, every, uneven, vary, ...fields } = step
  return Array.from({ length: times }, (_, n) => {
    const entries = Object.entries(fields).map(([name, value]) => {
      if (typeof value === 'string' && name !== 'kind') return [name, filled(value, n)]
      return [name, (vary as string[]).includes(name) ? Number(value) + n : value]
    })
    for (const name of vary) if (fields[name] === undefined) entries.push([name, n + 1])
    // Uneven, and the same whenever it runs: multiples of the golden ratio are spread evenly between 0 and 1.
    const off = ((n * 0.618_033_988_75) % 1) * every * (uneven / 100)
    return happening({ ...(Object.fromEntries(entries) as Step), time: BEGIN + from + n * every + off } as Happening)
  })
}

function filled(text: string, n: number): string {
  return text.replace(/\{n(?:%(\d{1,6}))?\}/g, (_, modulus?: string) =>
    String(modulus === undefined ? n : n % Number(modulus)),
  )
}
