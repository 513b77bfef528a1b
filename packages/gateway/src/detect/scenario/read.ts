import { Flaw, type Path, type Problem } from '../../config/problem.ts'
import { read } from '../../config/read.ts'
import { readYaml, type Source } from '../../config/yaml.ts'
import { CelError } from '../../profile/cel/fault.ts'
import { compileCondition } from './condition.ts'
import { FIELDS } from './fields.ts'
import { compileTemplate } from './say.ts'
import type { Form, Scenario, Trigger } from './scenario.ts'
import { scenarioShape, type Written } from './schema.ts'

type Complain = (code: string, flaw: Flaw, path: Path, part?: 'key' | 'value') => void

/** A window keeps every time; more than so many are a leaky bucket's work. */
const LARGEST_WINDOW = 255

const FORMS = ['absence', 'sequence', 'periodic', 'silence'] as const

/** Reads a scenario. Every problem has its line, column and key; without a scenario there is at least one. */
export function readScenario(text: string, file: string): { scenario?: Scenario; problems: Problem[] } {
  const { source, problems } = readYaml(text, file)
  if (source === undefined) return { problems }
  const complain = complaints(source, problems)
  const written = read(scenarioShape, source.value, [], { folder: '', report: complain }) as Written
  if (problems.length > 0) return { problems }
  const scenario = compile(written, file, complain)
  return problems.length > 0 ? { problems } : { scenario, problems }
}

/** Takes down what is wrong, with its place in the file. */
export function complaints(source: Source, problems: Problem[]): Complain {
  return (code, { what, hint }, path, part = 'value') =>
    void problems.push({ code, what, hint, place: source.place(path, part) })
}

function compile(written: Written, file: string, complain: Complain): Scenario {
  const { name, title, severity, technique, labels, groupby, capacity, blackhole, subjects, distinct } = written
  return {
    name,
    file,
    title,
    severity,
    technique,
    labels,
    trigger: triggerOf(written, [], complain),
    novel:
      written.novel === undefined
        ? null
        : { ...written.novel, of: FIELDS[written.novel.of], by: fieldsOf(written.novel.by) },
    form: formOf(written, complain),
    groupby: fieldsOf(groupby),
    groups: groupby,
    capacity,
    pace: paceOf(written, complain),
    distinct: distinct === undefined ? null : FIELDS[distinct],
    blackhole,
    subjects,
    say: sayOf(written.say, complain),
  }
}

const fieldsOf = (names: readonly string[]) => names.map(name => FIELDS[name])

function triggerOf(written: { on: Trigger['on']; filter?: string }, path: Path, complain: Complain): Trigger {
  const { on, filter } = written
  if (filter === undefined) return { on, filter: () => true }
  try {
    return { on, filter: compileCondition(filter) }
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    const { what, hint, place } = error
    complain(error.code, new Flaw(`character ${place.column}: ${what}`, hint), [...path, 'filter'])
    return { on, filter: () => false }
  }
}

function formOf(written: Written, complain: Complain): Form {
  const [form, second] = FORMS.filter(each => written[each] !== undefined)
  if (second !== undefined) {
    complain('scenario_form', new Flaw(`${form} and ${second} stand together`, 'Write two scenarios.'), [second], 'key')
  }
  const { absence, sequence, periodic, silence } = written
  if (absence !== undefined) {
    const until = triggerOf(absence.until, ['absence', 'until'], complain)
    return { kind: 'absence', until, within: absence.within, key: fieldsOf(absence.key) }
  }
  if (sequence !== undefined) {
    const next = sequence.next.map((each, index) => triggerOf(each, ['sequence', 'next', index], complain))
    const { within, ordered, key } = sequence
    const unless = sequence.unless === undefined ? null : triggerOf(sequence.unless, ['sequence', 'unless'], complain)
    return { kind: 'sequence', next, unless, within, ordered, key: fieldsOf(key.length > 0 ? key : written.groupby) }
  }
  if (periodic !== undefined) return { kind: 'periodic', ...periodic, jitter: periodic.jitter / 100 }
  if (silence !== undefined) return { kind: 'silence', ...silence, jitter: silence.jitter / 100 }
  return { kind: 'each' }
}

function paceOf({ capacity, leakspeed, within, distinct }: Written, complain: Complain): Scenario['pace'] {
  if (leakspeed !== undefined && within !== undefined) {
    complain('scenario_pace', new Flaw('leakspeed and within stand together', 'Keep one.'), ['within'], 'key')
  }
  if (capacity > 0 && leakspeed === undefined && within === undefined) {
    const hint = 'Add leakspeed (one leaks out in this time) or within.'
    complain(
      'scenario_pace',
      new Flaw(`nothing says in which time ${capacity} are too much`, hint),
      ['capacity'],
      'key',
    )
  }
  if (capacity === 0 && distinct !== undefined) {
    const flaw = new Flaw('one value is always different', 'Add capacity, or leave distinct out.')
    complain('scenario_pace', flaw, ['distinct'], 'key')
  }
  if (within === undefined) return { leak: leakspeed ?? 1 }
  if (capacity > LARGEST_WINDOW) {
    const flaw = new Flaw(
      `within keeps every time, and ${capacity} are many`,
      `At most ${LARGEST_WINDOW}; else use leakspeed.`,
    )
    complain('scenario_pace', flaw, ['capacity'])
  }
  return { within }
}

function sayOf(text: string, complain: Complain): Scenario['say'] {
  const template = compileTemplate(text)
  if (!(template instanceof Flaw)) return template
  complain('scenario_say', template, ['say'])
  return () => ''
}
