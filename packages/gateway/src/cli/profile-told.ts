import { dirname, resolve } from 'node:path'
import { ConfigError, type Problem } from '../config/index.ts'
import { Flaw } from '../config/problem.ts'
import { readText } from '../config/text.ts'
import type { ProfileBook } from '../profile/book.ts'
import type { ProfileSource } from '../profile/compile.ts'
import { acceptedBy, grantOf } from '../profile/grants.ts'
import { compareMud, flowText, type MudFinding, readMud } from '../profile/mud.ts'
import { complaints } from '../profile/part.ts'
import { printable, table } from './output.ts'

/** A type's network intent beside the gateway. */
export interface Network extends MudFinding {
  readonly profile: string
  readonly file: string
  readonly supported: boolean
}

/** Reads the MUD files of profiles, or one for all. Errors: `ConfigError` with what is wrong in them. */
export function networkOf(
  { descriptions }: ProfileBook,
  sources: readonly ProfileSource[],
  mud: string | undefined,
  port: number,
): Network[] {
  const problems: Problem[] = []
  const found: Network[] = []
  for (const [index, { id, mud: own, part }] of descriptions.entries()) {
    const file = mud ?? (own === '' ? undefined : resolve(dirname(sources[index]!.file), own))
    if (file === undefined) continue
    const complain = complaints(file, problems)
    const text = readText(file)
    if (text instanceof Flaw) {
      complain('mud_unreadable', text, '')
      continue
    }
    const intent = readMud(text, complain)
    if (intent === undefined) continue
    found.push({ profile: id, file, supported: intent.supported, ...compareMud(intent, hostsOf(part.value), port) })
  }
  const [first, ...others] = problems
  if (first !== undefined) throw new ConfigError([first, ...others])
  return found
}

/** The hosts in the `href` of any form. */
function hostsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'href' in value && typeof value.href === 'string' ? [URL.parse(value.href)?.hostname ?? ''] : []
  return [...own, ...Object.values(value).flatMap(hostsOf)].filter(host => host !== '')
}

/** What profiles come to, for people. */
export function compiledText(book: ProfileBook, site: string, network: readonly Network[]): string {
  const grants = book.descriptions.filter(({ devices }) => devices.length > 0).map(each => grantOf(each, site))
  const roles = grants.flatMap(({ role, publish, subscribe }) => [
    `  ${role}: { publish: ${JSON.stringify(publish)}, subscribe: ${JSON.stringify(subscribe)} }`,
  ])
  const rows = book.descriptions.flatMap(each =>
    acceptedBy(each).map(({ topic, kind, name, format, limits, judged }) => [
      topic,
      `${kind} ${name}`,
      format,
      limits.join('; '),
      judged.join('; '),
    ]),
  )
  const laws = book.descriptions.flatMap(({ id, invariants }) =>
    invariants.map(
      part => `law     ${String(part.at('name').value)} (${id}), with ${part.at('on').texts().join(', ')}`,
    ),
  )
  const lines = network.flatMap(({ profile, file, gateway, others, supported }) => [
    `mud     ${profile}: ${file}${supported ? '' : ', which its maker no longer supports'}`,
    `        reaches the gateway ${gateway === null ? 'by no entry: the network would cut it off' : `by ${flowText(gateway)}`}`,
    ...others.map(flow => `        may also talk to ${flowText(flow)}, which passes no gateway`),
  ])
  return [
    'roles:',
    ...roles.map(printable),
    '',
    table([['topic', 'what', 'format', 'limits', 'judged'], ...rows]).trimEnd(),
    ...[...laws, ...unnamedLines(book), ...lines].map(printable),
    '',
  ].join('\n')
}

/** Devices that laws or the mode ask for and no profile names: a glob covers them, so nobody can tell a misspelt id. */
function unnamed({ series, descriptions }: ProfileBook): string[] {
  const devices = new Set(series.map(name => name.split('/')[0] ?? ''))
  return [...devices].filter(device => !descriptions.some(each => each.devices.includes(device)))
}

function unnamedLines(book: ProfileBook): string[] {
  const devices = unnamed(book)
  if (devices.length === 0) return []
  return [
    `note    ${devices.join(', ')}: only a glob covers them, no profile names them; whether there are such devices is not known here`,
  ]
}

/** The same as JSON. */
export function compiledJson(book: ProfileBook, site: string, network: readonly Network[]): object {
  return {
    profiles: book.descriptions.map(each => ({
      id: each.id,
      title: each.title,
      devices: each.devices,
      ...(each.devices.length === 0 ? {} : { role: grantOf(each, site) }),
      topics: acceptedBy(each),
    })),
    series: book.series,
    unnamed: unnamed(book),
    network,
  }
}
