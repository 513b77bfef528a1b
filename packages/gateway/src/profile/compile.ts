import { createHash } from 'node:crypto'
import { suggestion } from '../config/near.ts'
import { ConfigError, Flaw, type Problem, quote } from '../config/problem.ts'
import type { Affordance } from './affordance.ts'
import { ProfileBook } from './book.ts'
import { type Description, readDescription } from './description.ts'
import { attachLaws } from './invariants.ts'
import { textFlaws } from './json.ts'
import { complaints, Part } from './part.ts'
import { SeriesBook } from './series.ts'
import type { SparkplugDesk } from './sparkplug.ts'
import { checkTogether } from './together.ts'
import type { CommandRule, SeriesType } from './types.ts'

/** A profile's text (a signature, where there was one, is verified and taken off) with the name of its file. */
export interface ProfileSource {
  readonly file: string
  readonly text: string
}

/** What profiles are compiled for. */
export interface ProfileSite {
  readonly site: string
  /** The series of the operating mode, as `device/name`. */
  readonly mode?: string | undefined
  /** Where the lives of edge nodes are kept; without one, records are judged that may begin in the middle. */
  readonly sparkplug?: SparkplugDesk | undefined
}

const LARGEST = 1024 ** 2

/** Compiles all profiles of a site together. Errors: `ConfigError` with every problem, each with its file and JSON pointer. */
export function compileProfiles(sources: readonly ProfileSource[], site: ProfileSite): ProfileBook {
  const problems: Problem[] = []
  const descriptions = sources.flatMap(source => parse(source, site.site, problems))
  // What stands in one profile says nothing of the others while its own text is wrong.
  refuse(problems)
  checkTogether(descriptions, device => profileOf(descriptions, device))
  const series = new SeriesBook((device, name) =>
    profileOf(descriptions, device)
      ?.affordances.flatMap(({ signals }) => signals)
      .find(signal => signal.name === name),
  )
  const commands = readCommands(descriptions, series, site)
  const attached = attachLaws(descriptions, series, device => profileOf(descriptions, device))
  const mode = readMode(series, site)
  refuse(problems)
  // A lane's words mean the same as long as no profile of the site has changed.
  const digest = digestOf(sources)
  const digests = new Map(descriptions.map(each => [each, digest]))
  return new ProfileBook({
    site: site.site,
    descriptions,
    series,
    attached,
    digests,
    commands,
    mode,
    sparkplug: site.sparkplug,
  })
}

function refuse([first, ...others]: readonly Problem[]): void {
  if (first !== undefined) throw new ConfigError([first, ...others])
}

function parse({ file, text }: ProfileSource, site: string, problems: Problem[]): Description[] {
  const complain = complaints(file, problems)
  if (text.length > LARGEST) {
    complain('profile_too_large', new Flaw(`it has ${text.length} characters`, `At most ${LARGEST}.`), '')
    return []
  }
  try {
    const root = new Part(JSON.parse(text), '', complain)
    const flaws = textFlaws(text)
    for (const { code, flaw, pointer } of flaws) complain(code, flaw, pointer)
    if (flaws.length > 0) return []
    if (root.isObject) return [readDescription(root, site)]
    root.fail('it is no JSON object', 'Write a Thing Description.', 'profile_syntax')
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    complain('profile_syntax', new Flaw(`it is not JSON (${error.message})`, 'Write a Thing Description in JSON.'), '')
  }
  return []
}

function profileOf(descriptions: readonly Description[], device: string): Description | undefined {
  return (
    descriptions.find(({ devices }) => devices.includes(device)) ?? descriptions.find(({ covers }) => covers(device))
  )
}

/** The series of the operating mode, which scenes hold. */
function readMode(series: SeriesBook, { mode }: ProfileSite): SeriesType | null {
  const type = mode === undefined ? undefined : series.find(mode)
  if (type === undefined || type.states.length === 0) return null
  series.share(type.series)
  return type
}

function readCommands(
  descriptions: readonly Description[],
  series: SeriesBook,
  { mode }: ProfileSite,
): Map<Affordance, CommandRule> {
  const rules = new Map<Affordance, CommandRule>()
  for (const { affordances } of descriptions) {
    for (const affordance of affordances) {
      if (affordance.command === null) continue
      const { senders, modes, rate } = affordance.command
      const rule = { senders, modeNames: modes, rate, modes: [], mode: -1 }
      rules.set(affordance, modes.length === 0 ? rule : { ...rule, ...readModes(affordance, series, mode) })
    }
  }
  return rules
}

function readModes(
  { part, command }: Affordance,
  series: SeriesBook,
  mode: string | undefined,
): Pick<CommandRule, 'modes' | 'mode'> {
  const at = part.at('rw:modes')
  const type = mode === undefined ? undefined : series.find(mode)
  if (type === undefined || type.states.length === 0) {
    const what = mode === undefined ? 'no reading tells the operating mode' : `no profile has ${mode} as a state`
    at.fail(what, 'Name one with states in profiles.mode (--mode), such as controller-1/mode.', 'profile_mode')
    return { modes: [], mode: -1 }
  }
  series.share(type.series)
  for (const [index, name] of command!.modes.entries()) {
    if (!type.states.includes(name))
      at.at(index).fail(`${mode} is never ${quote(name)}`, suggestion(name, type.states), 'profile_mode')
  }
  return { modes: command!.modes.map(name => type.states.indexOf(name)), mode: type.series }
}

/** 48 bits of the profiles' digest: a float64 holds them, and 0 is a lane that nobody used. */
function digestOf(sources: readonly ProfileSource[]): number {
  const hash = createHash('sha256')
  for (const { text } of sources) hash.update(`${text.length} `).update(text)
  return hash.digest().readUIntBE(0, 6) + 1
}
