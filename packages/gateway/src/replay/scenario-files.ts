import { ConfigError, type Problem } from '../config/index.ts'
import { readScenario } from '../detect/scenario/read.ts'
import type { Scenario } from '../detect/scenario/scenario.ts'
import { readTexts } from './files.ts'

/** Reads scenarios from files, globs or folders; their tests lie beside them. Errors: `ConfigError` with every problem. */
export function readScenarios(patterns: readonly string[]): Scenario[] {
  const problems: Problem[] = []
  const scenarios: Scenario[] = []
  for (const { file, text } of readTexts(patterns, '.yaml', '.test.yaml')) {
    const read = readScenario(text, file)
    problems.push(...read.problems)
    if (read.scenario !== undefined) scenarios.push(read.scenario)
  }
  const [first, ...others] = problems
  if (first !== undefined) throw new ConfigError([first, ...others])
  return scenarios
}
