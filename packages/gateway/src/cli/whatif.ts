import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { type Config, loadConfig } from '../config/index.ts'
import { parseUnit, WRITTEN } from '../config/units.ts'
import type { WhatIf } from '../hindsight/whatif.ts'
import { readProfiles } from '../keys/profiles.ts'
import { readRules } from '../keys/rules.ts'
import { sealSecretThere } from '../keys/seals.ts'
import { listSegments } from '../recording/folder.ts'
import { folderThere } from './folder-there.ts'
import { withInput } from './named-files.ts'
import { printable, table } from './output.ts'
import { Progress } from './progress.ts'
import { emptyRecording } from './replay-recording.ts'
import { type Outcome, runs, verb } from './verb.ts'
import { whole } from './whole.ts'

interface Options {
  readonly config: string
  readonly identity: string
  readonly since: string
  readonly path?: string
  readonly most: number
  readonly rules?: readonly string[]
  readonly profiles?: readonly string[]
}

/** `ringwall whatif`: what another configuration would have done with the recorded past. */
export function whatifVerb(program: Command): void {
  const command = verb(program, {
    name: 'whatif',
    summary: 'Say what new rules, profiles, limits or modes would have done with what is recorded.',
    example: 'ringwall whatif --rules new.rules --since 7d --identity recording.key',
  })
    .option('--config <file>', 'the configuration to try; it need not run anywhere', 'ringwall.yaml')
    .option('--rules <files...>', 'signatures in place of those that it names: files or globs')
    .option('--profiles <files...>', 'profiles in place of those that it names: files or globs')
    .requiredOption('--identity <file>', 'the age identity that opens the recordings')
    .option('--since <duration>', 'how far back', '7d')
    .option('--path <folder>', 'where the recordings are, instead of record.path of that configuration')
    .option('--most <n>', 'how many lines to list', whole, 40)
    .addHelpText('after', '\nExit status: 0 no message that passed would have been stopped, 1 some would have been.')
  runs<Options>(command, (_, options) => tell(options))
}

/** The configuration with what other options put in its place. */
function tried({ config: file, rules, profiles }: Options): Config {
  const config = loadConfig(file)
  return {
    ...config,
    rules: { ...config.rules, files: rules === undefined ? config.rules.files : withInput(rules) },
    profiles: { ...config.profiles, files: profiles === undefined ? config.profiles.files : withInput(profiles) },
  }
}

async function tell(options: Options): Promise<Outcome> {
  const config = tried(options)
  const folder = options.path ?? (config.record === 'off' ? undefined : config.record.path)
  if (folder === undefined) {
    const hint = 'Name the folder of the recordings by --path, or as record.path.'
    throw new RingwallError('recording_off', 'the configuration names no recordings', hint, {
      file: options.config,
      field: 'record',
    })
  }
  const back = parseUnit('duration', options.since)
  if (back === undefined) {
    throw new RingwallError('duration_invalid', `--since ${options.since} is no duration`, `Write ${WRITTEN.duration}.`)
  }
  const since = Date.now() - back
  const segments = listSegments(folderThere(folder)).filter(({ ended }) => ended >= since)
  if (segments.length === 0) {
    const hint = '`ringwall record list` shows what there is.'
    throw new RingwallError('recording_none', `no segment of the last ${options.since} is in the folder`, hint, {
      file: folder,
    })
  }
  const [{ whatIf }, { readIdentities }] = await Promise.all([
    import('../hindsight/whatif.ts'),
    import('../recording/identity.ts'),
  ])
  const size = segments.reduce((sum, each) => sum + each.size, 0)
  const progress = new Progress(folder, size)
  const found = await whatIf(
    config,
    { profiles: readProfiles(config), rules: readRules(config) },
    segments,
    readIdentities(options.identity),
    bytes => progress.add(bytes),
    sealSecretThere(config),
  ).finally(() => progress.end())
  if (found.acts + found.unjudged === 0) throw emptyRecording(folder)
  const isStopped = found.fates.some(({ change }) => change === 'refused')
  return { status: isStopped ? 1 : 0, text: text(found, options.most), json: found }
}

function text(found: WhatIf, most: number): string {
  const { acts, devices, segments, cut, from, until, unjudged, missed, silent, fates, divergences } = found
  const lines = [
    `${acts} acts of ${devices} devices in ${segments} segments, ${from} to ${until}.`,
    ...(unjudged > 0 ? [`${unjudged} acts could not be judged by all guards: see docs/recording.md.`] : []),
    ...silent.map(guard => `${guard} is not evaluable: the file of seals.secret cannot be read.`),
    ...(missed > 0 ? [`${missed} acts are missing in the recording.`] : []),
    ...cut.map(each => `${each} has no end: it was judged up to its last whole chunk.`),
    fates.length === 0 ? 'Nothing would have changed.' : '',
  ]
  const rows = fates
    .slice(0, most)
    .map(each => [
      each.change,
      each.device,
      `${each.guard}:${each.code}`,
      String(each.sure),
      String(each.assumed),
      each.examples[0] ?? '',
      each.why,
    ])
  const heads = ['would be', 'device', 'for', 'sure', 'assumed', 'example', 'because']
  const tail = [
    ...(fates.length > most ? [`${fates.length - most} more kinds: --most, or --json.`] : []),
    ...(divergences.length > 0
      ? [
          `${divergences.length} lanes come apart, the first at ${divergences[0]?.time} (${divergences[0]?.device}). Behind its divergence a lane's acts are`,
          'counted as assumed: what the device would have done then is not known.',
        ]
      : []),
  ]
  const listed = rows.length === 0 ? '' : table([heads, ...rows])
  return `${lines
    .filter(line => line !== '')
    .map(printable)
    .join('\n')}\n${listed}${tail.map(printable).join('\n')}${tail.length > 0 ? '\n' : ''}`
}
