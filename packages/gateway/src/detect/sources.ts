import { globSync } from 'node:fs'
import { ConfigError, Flaw, type Problem, quote } from '../config/problem.ts'
import { readText } from '../config/text.ts'
import { type Allowance, readAllowList } from './scenario/allow.ts'
import { readScenario } from './scenario/read.ts'
import type { Scenario } from './scenario/scenario.ts'
import { isSigma } from './sigma/is-sigma.ts'
import { readSigma } from './sigma/read.ts'

/** A file as it was read: threads compile it for themselves. */
export interface Text {
  readonly file: string
  readonly text: string
}

/** The files of scenarios and of allow-lists. */
export interface Sources {
  readonly scenarios: readonly Text[]
  readonly allow: readonly Text[]
}

/** Tests stand beside the scenarios, under such names. */
export const TEST_FILE = /\.test\.ya?ml$/

/** Reads what the section `scenarios` names. Errors: `ConfigError` with `scenario_none` and `scenario_unreadable`. */
export function readSources({ files, allow }: { files: readonly string[]; allow: readonly string[] }): Sources {
  const problems: Problem[] = []
  const sources = {
    scenarios: readAll(files, 'scenarios.files', problems),
    allow: readAll(allow, 'scenarios.allow', problems),
  }
  const [first, ...others] = problems
  if (first !== undefined) throw new ConfigError([first, ...others])
  return sources
}

function readAll(patterns: readonly string[], field: string, problems: Problem[]): Text[] {
  const files = new Set<string>()
  // A shell that expands a glob names the tests beside the scenarios.
  const isExpanded = patterns.some(pattern => !TEST_FILE.test(pattern))
  for (const [index, pattern] of patterns.entries()) {
    const isGlob = /[*?[{]/.test(pattern)
    const found = isGlob ? globSync(pattern).toSorted() : [pattern]
    const wanted = found.filter(file => !TEST_FILE.test(file))
    for (const file of wanted) files.add(file)
    if (wanted.length > 0 || (!isGlob && isExpanded)) continue
    const what = found.length > 0 ? `${pattern} names tests only` : `${pattern} finds no file`
    problems.push({
      code: 'scenario_none',
      what,
      hint: 'Name files that are there.',
      place: { field: `${field}[${index}]` },
    })
  }
  return [...files].flatMap(file => {
    const text = readText(file)
    if (!(text instanceof Flaw)) return [{ file, text }]
    problems.push({ code: 'scenario_unreadable', what: text.what, hint: text.hint, place: { file } })
    return []
  })
}

/** Everything that the files say. */
export interface Compiled {
  readonly scenarios: Scenario[]
  readonly allowances: Allowance[]
  readonly problems: Problem[]
}

/** Compiles scenarios, Sigma rules and allow-lists, with every problem. */
export function compileSources({ scenarios: texts, allow }: Sources): Compiled {
  const problems: Problem[] = []
  const scenarios: Scenario[] = []
  for (const { text, file } of texts) {
    const read = isSigma(text) ? readSigma(text, file) : fromOwn(text, file)
    scenarios.push(...read.scenarios)
    problems.push(...read.problems)
  }
  const names = new Map<string, string>()
  for (const { name, file } of scenarios) {
    const other = names.get(name)
    names.set(name, file)
    if (other === undefined) continue
    const what = `a scenario is called ${quote(name)} already, in ${other}`
    problems.push({ code: 'scenario_twice', what, hint: 'Give it another name.', place: { file, field: 'name' } })
  }
  const lists = allow.map(({ text, file }) => readAllowList(text, file))
  return {
    scenarios,
    allowances: lists.flatMap(({ allowances }) => allowances),
    problems: [...problems, ...lists.flatMap(each => each.problems)],
  }
}

function fromOwn(text: string, file: string): { scenarios: Scenario[]; problems: Problem[] } {
  const { scenario, problems } = readScenario(text, file)
  return { scenarios: scenario === undefined ? [] : [scenario], problems }
}

/** Compiles what a gateway is to run. Errors: `ConfigError` with every problem. */
export function provenSources(sources: Sources): Compiled {
  const compiled = compileSources(sources)
  const [first, ...others] = compiled.problems
  if (first !== undefined) throw new ConfigError([first, ...others])
  return compiled
}
