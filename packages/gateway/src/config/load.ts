import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { systemCode } from '../base/error.ts'
import { ConfigError, type Flaw, type Path, type Problem } from './problem.ts'
import { read } from './read.ts'
import { conflicts } from './rules.ts'
import { type Config, shape } from './schema.ts'
import { readYaml, type Source } from './yaml.ts'

// More would help nobody, and finding the places of a hostile file's hundred thousand would take its time.
const MOST_PROBLEMS = 100

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
}

/**
 * Reads and checks a configuration file.
 * Errors: `ConfigError` with every problem; `config_unreadable` where the file cannot be read.
 */
export function loadConfig(file: string): Config {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    const code = systemCode(error)
    const reason =
      error instanceof TypeError
        ? 'it is not UTF-8 text'
        : [UNREADABLE[code], code || 'unknown'].filter(Boolean).join(', ')
    const what = `the configuration cannot be read (${reason})`
    throw new ConfigError(
      [{ code: 'config_unreadable', what, hint: 'Name a YAML file that this user may read.', place: { file } }],
      error,
    )
  }
  return parseConfig(text, file)
}

/**
 * Checks the text of a configuration. `file` is its name in messages, and its folder is where relative paths start.
 * Errors: `ConfigError` with every problem, each with line, column, field and hint.
 */
export function parseConfig(text: string, file: string): Config {
  const { source, problems } = readYaml(text, file)
  if (source === undefined) throw refusal(problems)
  const config = readConfig(source, dirname(resolve(file)), problems)
  if (problems.length > 0) throw refusal(problems)
  for (const { code, path, flaw } of conflicts(config)) problems.push(problemAt(source, code, flaw, path, 'value'))
  if (problems.length > 0) throw refusal(problems)
  return config
}

/** Checks a configuration that a program made: the same keys and rules as in a file. */
export function makeConfig(value: object, file: string): Config {
  return parseConfig(JSON.stringify(value), file)
}

function readConfig(source: Source, folder: string, problems: Problem[]): Config {
  const built = read(shape, source.value, [], {
    folder,
    report: (code, flaw, path, part) => {
      if (problems.length < MOST_PROBLEMS) problems.push(problemAt(source, code, flaw, path, part ?? 'value'))
    },
  })
  // `read` has built just what the schema says; where it could not, there are problems and nobody looks at the result.
  const config = built as Config
  if (problems.length > 0) return config
  for (const role of Object.values(config.roles)) role.receive ??= [...role.subscribe]
  return config
}

function problemAt(source: Source, code: string, { what, hint }: Flaw, path: Path, part: 'key' | 'value'): Problem {
  return { code, what, hint, place: source.place(path, part) }
}

function refusal(problems: Problem[]): ConfigError {
  const [first, ...others] = problems.toSorted(
    (a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0),
  )
  return new ConfigError([first!, ...others])
}
