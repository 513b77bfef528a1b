import type { Command } from 'commander'
import { type Config, ConfigError, loadConfig, type Problem } from '../config/index.ts'
import { readProfiles } from '../keys/profiles.ts'
import type { ProfileBook } from '../profile/book.ts'
import { compileProfiles, type ProfileSource } from '../profile/compile.ts'
import { withInput } from './named-files.ts'
import { problemBlock } from './output.ts'
import { constraintsTold, type Reading, readings } from './profile-constraints.ts'
import { learnVerb } from './profile-learn.ts'
import { keyVerb, signVerb } from './profile-sign.ts'
import { compiledJson, compiledText, networkOf } from './profile-told.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly site?: string
  readonly mode?: string
  readonly trust: string[]
  readonly config?: string
  readonly mud?: string
  readonly port?: string
  readonly columns: readonly Reading[]
  readonly out?: string
}

/** `ringwall profile`: judge, compile and sign what devices may say. */
export function profileVerb(program: Command): void {
  const profile = program
    .command('profile')
    .description('Judge, compile and sign profiles: what types of devices may say.')
  options(
    verb(profile, {
      name: 'check [files...]',
      summary: 'Judge profiles together: every problem with its file and JSON pointer.',
      example: 'ringwall profile check profiles/*.td.json --site mill-3 --mode controller-1/mode',
    }),
    (files, settings) => judged(files, settings, () => ({ text: '', json: {} })),
  )
  options(
    verb(profile, {
      name: 'compile [files...]',
      summary: 'Print what profiles come to: roles to grant, limits, and what each topic accepts.',
      example: 'ringwall profile compile profiles/*.td.json --site mill-3 --mode controller-1/mode',
    })
      .option('--mud <file>', 'a MUD file (RFC 8520) to hold against the gateway; else what rw:mud names')
      .option('--port <port>', 'the port of the gateway, for that', '8883'),
    (files, settings) =>
      judged(files, settings, (book, site, sources) => {
        const network = networkOf(book, sources, settings.mud, Number(settings.port))
        return { text: compiledText(book, site, network), json: compiledJson(book, site, network) }
      }),
  )
  options(
    verb(profile, {
      name: 'constraints [files...]',
      summary: 'Print what profiles let rows of readings be, as learn attack and learn harden take it (--constraints).',
      example:
        'ringwall profile constraints profiles/*.td.json --mode controller-1/mode --columns level=level-1/level --out limits.json',
    })
      .option('--columns <readings>', 'columns of the table: COLUMN=DEVICE/READING, with commas', readings, [])
      .option('--out <file>', 'where the constraints go, instead of standard output'),
    (files, settings) =>
      judged(files, settings, (book, _, sources) =>
        constraintsTold(
          book,
          settings,
          sources.map(({ file }) => file),
        ),
      ),
  )
  signVerb(profile)
  keyVerb(profile)
  learnVerb(profile)
}

function options(command: Command, action: (files: readonly string[], settings: Options) => Outcome): void {
  command
    .option('--site <site>', 'what ${site} stands for', 'site')
    .option('--mode <device/name>', 'the reading that tells the operating mode')
    .option(
      '--trust <key>',
      'a public key whose signatures count; may be repeated',
      (key: string, others: string[]) => [...others, key],
      [],
    )
    .option('--config <file>', 'take site, mode, keys and (where no file is named) the files from a configuration')
  runs<Options>(command, action)
}

/** Nothing is not good. */
const NONE: Problem = {
  code: 'profile_none',
  what: 'no profile is named',
  hint: 'Name files, or with --config a configuration whose profiles.files does.',
  place: {},
}

type Told = { readonly text: string; readonly json: object }

function judged(
  files: readonly string[],
  settings: Options,
  tell: (book: ProfileBook, site: string, sources: readonly ProfileSource[]) => Told,
): Outcome {
  const config = settings.config === undefined ? undefined : loadConfig(settings.config)
  const site = config?.site ?? settings.site ?? 'site'
  const profiles = profilesOf(files, settings, config)
  try {
    if (profiles.files.length === 0) throw new ConfigError([NONE])
    const sources = readProfiles({ profiles }, config === undefined)
    const book = compileProfiles(sources, { site, mode: config?.profiles.mode ?? settings.mode })
    const { text, json } = tell(book, site, sources)
    const verified = config !== undefined || settings.trust.length > 0
    const note = verified ? '' : '; signatures were not verified (--trust, or --config)'
    const count = `${sources.length} profile${sources.length === 1 ? '' : 's'}: good${note}\n`
    return {
      status: 0,
      text: text === '' ? count : text,
      json: { good: true, verified, files: sources.map(({ file }) => file), ...json },
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return refused(error.problems)
  }
}

function profilesOf(
  files: readonly string[],
  { trust, mode }: Options,
  config: Config | undefined,
): Config['profiles'] {
  const known = config?.profiles ?? {
    files: [],
    signed: 'allow',
    trust,
    undeclared: 'refuse',
    strangers: 'allow',
    downward: 'commands',
  }
  return {
    ...known,
    ...(mode === undefined ? {} : { mode }),
    ...(files.length === 0 ? {} : { files: withInput(files) }),
  }
}

function refused(problems: readonly Problem[]): Outcome {
  const sum = `${problems.length} error${problems.length === 1 ? '' : 's'}\n`
  return {
    status: 2,
    text: [...problems.map(each => problemBlock(each)), sum].join('\n'),
    json: { good: false, errors: problems },
  }
}
