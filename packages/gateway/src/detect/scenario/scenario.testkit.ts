import type { Alarm } from '../../evidence/alarm.ts'
import { type Happening, happening } from '../../evidence/happening.ts'
import { Engine } from './engine.ts'
import { readScenario } from './read.ts'
import type { Scenario } from './scenario.ts'

const HEAD = `name: one
title: One
severity: high
technique: T0814
say: '{subject}: {count}'
`

/** A scenario from the keys that a test is about. */
export function scenario(keys: string): Scenario {
  const { scenario: read, problems } = readScenario(HEAD + keys, 'one.yaml')
  if (read === undefined) throw new Error(JSON.stringify(problems))
  return read
}

/** What is wrong with a scenario, as `code line:column key`. */
export function problemsOf(keys: string): string[] {
  return readScenario(HEAD + keys, 'one.yaml').problems.map(
    ({ code, place }) => `${code} ${place.line}:${place.column} ${place.field}`,
  )
}

/** The alarms of scenarios over happenings, advanced to `until` at the end. */
export function alarmsOf(scenarios: readonly Scenario[], happenings: readonly Happening[], until = 0): Alarm[] {
  const alarms: Alarm[] = []
  const engine = new Engine(scenarios, { alarm: alarm => void alarms.push(alarm), isAllowed: () => false })
  for (const each of happenings) engine.take(each)
  engine.advance(until)
  return alarms
}

/** A happening of pump-1, at so many milliseconds. */
export function at(time: number, parts: Partial<Happening> = {}): Happening {
  return happening({
    kind: 'publish',
    device: 'pump-1',
    address: '10.0.0.5',
    topic: 'plant/x',
    connection: 1,
    ...parts,
    time,
  })
}
