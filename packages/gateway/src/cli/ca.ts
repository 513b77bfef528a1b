import { join } from 'node:path'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { readCertificates } from '../config/pem.ts'
import { Flaw } from '../config/problem.ts'
import type { PairFiles } from '../identity/folder.ts'
import { DEVICE_DAYS, SERVER_DAYS } from '../identity/lifetime.ts'
import { alternativeNames } from '../identity/names.ts'
import { table } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

const FOLDER = 'pki'
const SITE = 'lab'

// Loaded when asked for: the certificate library is most of what `ringwall` would load at its start.
const authority = () => import('../identity/folder.ts')

/** `ringwall ca`: a development authority in a folder. */
export function caVerb(program: Command): void {
  const ca = program.command('ca').description('Run a development certification authority in a folder.')
  init(ca)
  issue(ca)
  server(ca)
}

function init(ca: Command): void {
  const command = verb(ca, {
    name: 'init',
    summary: 'Make an authority: root.pem and root.key.',
    example: 'npx ringwall ca init --site mill-3 --dir pki',
  })
    .option('--site <site>', 'the site that its devices belong to', SITE)
    .option('--dir <folder>', 'where to make it', FOLDER)
  runs<{ site: string; dir: string }>(command, async (_, { site, dir }) =>
    issued(await (await authority()).initAuthority(dir, site), [
      `identity: { anchors: [{ ca: ${join(dir, 'root.pem')} }] }   # in ringwall.yaml, beside site: ${site}`,
      `npx ringwall ca server localhost --dir ${quoted(dir)}   # the gateway's certificate, for every name it is called by`,
      `npx ringwall ca issue DEVICE --role ROLE --dir ${quoted(dir)}   # one for each device, with a role of ringwall.yaml`,
    ]),
  )
}

function issue(ca: Command): void {
  const command = verb(ca, {
    name: 'issue <device>',
    summary: "Issue a device's certificate: devices/DEVICE.pem and devices/DEVICE.key.",
    example: 'npx ringwall ca issue pump-1 --role actuator --role sensor --days 30',
  })
    .option(
      '--role <role>',
      'a role of the device; may be repeated',
      (role: string, others: string[]) => [...others, role],
      [],
    )
    .option('--days <days>', 'how long it lasts', String(DEVICE_DAYS))
    .option('--dir <folder>', "the authority's folder", FOLDER)
  runs<{ role: string[]; days: string; dir: string }>(command, async ([device = ''], { role, days, dir }) => {
    const files = await (await authority()).issueDevice(dir, device, role, { days: daysOf(days) })
    const pair = `--cert ${quoted(files.certificate)} --key ${quoted(files.key)}`
    const ca = quoted(join(dir, 'root.pem'))
    const host = gatewayName(dir)
    return issued(files, [
      `mosquitto_pub -h ${host} -p 8883 --cafile ${ca} ${pair} -i ${device} -t plant/${device}/state -m '{}'`,
      `openssl s_client -connect ${host.includes(':') ? `[${host}]` : host}:8883 -CAfile ${ca} ${pair.replaceAll('--', '-')}`,
    ])
  })
}

function server(ca: Command): void {
  const command = verb(ca, {
    name: 'server <name...>',
    summary: "Issue the gateway's certificate for DNS names and addresses: gateway.pem and gateway.key.",
    example: 'npx ringwall ca server gateway.mill-3.example localhost 127.0.0.1',
  })
    .option('--file <name>', 'the name of the files', 'gateway')
    .option('--days <days>', 'how long it lasts', String(SERVER_DAYS))
    .option('--dir <folder>', "the authority's folder", FOLDER)
  runs<{ file: string; days: string; dir: string }>(command, async (names, { file, days, dir }) => {
    const files = await (await authority()).issueServer(dir, names, { days: daysOf(days), file })
    return issued(files, [
      `listen: { mqtts: { certificate: ${files.certificate}, key: ${files.key} } }   # in ringwall.yaml`,
      'npx ringwall check ringwall.yaml',
      `openssl verify -CAfile ${quoted(join(dir, 'root.pem'))} ${quoted(files.certificate)}`,
    ])
  })
}

/** The name that devices call the gateway by: the first of its certificate, or `localhost` while it has none. */
function gatewayName(dir: string): string {
  const chain = readCertificates(join(dir, 'gateway.pem'))
  const names = chain instanceof Flaw ? [] : (alternativeNames(chain[0]?.subjectAltName) ?? [])
  const called = names.find(({ type, value }) => (type === 'DNS' || type === 'IP Address') && !value.includes('*'))
  return called?.value ?? 'localhost'
}

function daysOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new RingwallError('usage', '--days is not a whole number', 'Write days such as 30.')
}

function issued(files: PairFiles, next: readonly string[]): Outcome {
  const rows = [
    ['certificate', files.certificate],
    ['key', files.key],
    ['valid until', files.notAfter.toISOString()],
  ]
  return {
    status: 0,
    text: `${table(rows)}\nNext:\n${next.map(line => `  ${line}\n`).join('')}`,
    json: { ...files, next },
  }
}

/** A word for a shell. */
const quoted = (word: string) => (/^[A-Za-z0-9._/@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
