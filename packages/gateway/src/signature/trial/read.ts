import { ConfigError, type Problem } from '../../config/problem.ts'
import { read } from '../../config/read.ts'
import { readYaml } from '../../config/yaml.ts'
import { KINDS } from './packet-of.ts'
import { shape, type Trial, type Trials } from './schema.ts'

/** A trial with where it stands. */
export interface PlacedTrial {
  readonly trial: Trial
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** Reads a file of trials. Errors: `ConfigError` with every problem. */
export function readTrials(file: string, text: string): PlacedTrial[] {
  const { source, problems } = readYaml(text, file)
  if (source === undefined) throw refusal(problems)
  const report = (code: string, what: string, hint: string, path: readonly (string | number)[]) =>
    problems.push({ code, what, hint, place: source.place(path) })
  const { trials } = read(shape, source.value, [], {
    folder: '',
    report: (code, { what, hint }, path, part) =>
      problems.push({ code, what, hint, place: source.place(path, part ?? 'value') }),
  }) as Trials
  if (problems.length > 0) throw refusal(problems)
  for (const [index, trial] of trials.entries()) {
    for (const side of ['fires', 'silent'] as const) {
      for (const [position, step] of trial[side].entries()) {
        const kinds = KINDS.filter(kind => step[kind] !== undefined)
        if (kinds.length === 1) continue
        const what = kinds.length === 0 ? 'there is no packet here' : `there are ${kinds.length} packets in one step`
        report('trial_step', what, `Write one of ${KINDS.join(', ')}.`, ['trials', index, side, position])
      }
    }
  }
  if (problems.length > 0) throw refusal(problems)
  return trials.map((trial, index) => ({ trial, file, line: source.place(['trials', index]).line ?? 1 }))
}

function refusal(problems: readonly Problem[]): ConfigError {
  const [first, ...others] = problems
  if (first === undefined) throw new TypeError('refused without a problem')
  return new ConfigError([first, ...others])
}
