import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SAMPLE } from '../config/sample.ts'
import { caVerb } from './ca.ts'
import { checkVerb } from './check.ts'
import { printedBy } from './verb.testkit.ts'

let folder: string
let broker: Server
let code = 5

const ringwall = (...args: string[]) => printedBy([caVerb, checkVerb], args)

const file = (name: string, extra = '') => {
  const { port } = broker.address() as AddressInfo
  writeFileSync(join(folder, name), SAMPLE.replace(':1883', `:${port}`) + extra)
  return join(folder, name)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-check-'))
  broker = createServer(socket => {
    socket.on('error', () => {})
    // Whoever names a user is admitted.
    socket.once('data', (bytes: Buffer) => socket.end(Buffer.from([0x20, 2, 0, (bytes[9]! & 0x80) === 0 ? code : 0])))
  }).listen(0, '127.0.0.1')
  await once(broker, 'listening')
  const dir = join(folder, 'pki')
  expect(await ringwall('ca', 'init', '--site', 'mill-3', '--dir', dir)).toMatchObject({ status: 0 })
  expect(await ringwall('ca', 'server', 'gateway.example', 'localhost', '--dir', dir)).toMatchObject({ status: 0 })
})
afterAll(() => {
  broker.close()
  rmSync(folder, { recursive: true })
})

const TRIED = ['strangers are refused', 'the gateway is admitted']

test('a good configuration with a closed broker is good', async () => {
  const good = file('good.yaml')
  expect(await ringwall('check', good)).toEqual({ status: 0, out: `${good}: good (${TRIED.join('; ')})\n`, err: '' })
  expect(JSON.parse((await ringwall('check', '--json', good)).out)).toEqual({
    file: good,
    good: true,
    tried: TRIED,
    errors: [],
    warnings: [],
  })
})

test('the secret that seals come from, and the keys of witnesses, are read', async () => {
  const secret = join(folder, 'seal.secret')
  const extra = `\nseals:\n  secret: ${secret}\nledger:\n  witnesses:\n    - { url: 'http://127.0.0.1:1', key: 'witness.example/w1+1f2e3d4c+BA' }\n`
  const named = file('seals.yaml', extra)
  const codes = async () => {
    const { status, out } = await ringwall('check', '--json', named)
    const { errors } = JSON.parse(out) as { errors: { code: string; what: string }[] }
    return [status, ...errors.map(({ code }) => code)]
  }
  expect(await codes()).toEqual([2, 'file_unusable', 'witness_key'])
  for (const [text, mode] of [
    ['deadbeef', 0o600],
    ['ab'.repeat(32), 0o644],
  ] as const) {
    writeFileSync(secret, text)
    chmodSync(secret, mode)
    expect(await codes()).toEqual([2, 'file_unusable', 'witness_key'])
    expect((await ringwall('check', named)).out).not.toContain(text)
  }
  chmodSync(secret, 0o600)
  expect(await codes()).toEqual([2, 'witness_key'])
})

test('an open broker is a warning, unless nobody asks', async () => {
  code = 0
  try {
    const open = file('open.yaml')
    const { status, out } = await ringwall('check', open)
    expect(status).toBe(1)
    expect(out).toMatch(
      /^warning broker_open\n {2}what {3}the broker takes anyone who reaches it: .*\n {2}where {2}upstream.url\n/,
    )
    expect(await ringwall('check', '--no-connect', open)).toMatchObject({ status: 0 })
  } finally {
    code = 5
  }
})

test('the file may be named by an option, once, and a folder is no file', async () => {
  const good = file('named.yaml')
  expect(await ringwall('check', '--no-connect', '--config', good)).toMatchObject({ status: 0, out: `${good}: good\n` })
  expect(await ringwall('check', good, '--config', good)).toMatchObject({
    status: 2,
    err: expect.stringContaining('twice'),
  })
  expect((await ringwall('check', folder)).out).toContain('the configuration cannot be read (it is a folder, EISDIR)')
  expect((await ringwall('check', '--help')).out).toContain('Exit status: 0 good, 1 warnings, 2 errors.')
})

test('a broken configuration tells all, as text and as JSON', async () => {
  const bad = file('bad.yaml', 'ratee: 1\nlog: { level: loud }\n')
  const { status, out, err } = await ringwall('check', bad)
  expect([status, err]).toEqual([2, ''])
  expect(out).toContain('error config_unknown_key\n  what   the key "ratee" is not known\n')
  expect(out).toContain('  do     Did you mean rate?')
  expect(out).toMatch(/bad\.yaml: 2 errors, 0 warnings\n$/)
  expect(JSON.parse((await ringwall('check', bad, '--json')).out).errors).toHaveLength(2)
  expect(await ringwall('check', join(folder, 'none.yaml'))).toMatchObject({
    status: 2,
    out: expect.stringContaining('config_unreadable'),
  })
})

test('standard input is read, with paths from the current folder', () => {
  const program = `
    import { createProgram, run } from '${new URL('verb.ts', import.meta.url)}'
    import { checkVerb } from '${new URL('check.ts', import.meta.url)}'
    const program = createProgram('0')
    checkVerb(program)
    process.exitCode = await run(program, ['check', '--no-connect', '-'])`
  const check = (input: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program], { input, cwd: folder, encoding: 'utf8' })
  expect(check(SAMPLE)).toMatchObject({ status: 0, stdout: '-: good\n' })
  expect(check('x: 1\n')).toMatchObject({ status: 2, stdout: expect.stringContaining('where  <stdin>:1:1 x\n') })
})

test('files are judged', async () => {
  const key = join(folder, 'pki/gateway.key')
  chmodSync(key, 0o644)
  try {
    const { status, out } = await ringwall('check', file('open-key.yaml'))
    expect(status).toBe(2)
    expect(out).toContain(`chmod 600 ${key}`)
  } finally {
    chmodSync(key, 0o600)
  }
})

test('what does less than it seems is a warning', async () => {
  const lines = 'rings: { models: enforce }\ngroups: [{ name: a, devices: x, rings: { watch: enforce } }]\n'
  const { status, out } = await ringwall('check', '--json', file('empty.yaml', `  idle: {}\n${lines}`))
  const { warnings } = JSON.parse(out) as { warnings: { code: string; place: { field: string } }[] }
  expect([status, ...warnings.map(({ code, place }) => `${code} ${place.field}`)]).toEqual([
    1,
    'ring_empty rings.models',
    'ring_empty groups[0].rings.watch',
    'role_empty roles.idle',
  ])
})

test('ca init says the next two steps, and hints know no gateway yet', async () => {
  const dir = join(folder, 'other-pki')
  const { out } = await ringwall('ca', 'init', '--dir', dir)
  expect(out).toContain(`npx ringwall ca server localhost --dir ${dir}`)
  expect(out).toContain(`npx ringwall ca issue DEVICE --role ROLE --dir ${dir}`)
  expect((await ringwall('ca', 'issue', 'x', '--dir', dir)).out).toContain('mosquitto_pub -h localhost ')
})

test('ca issue writes a pair, shows how to use it, and overwrites nothing', async () => {
  const dir = join(folder, 'pki')
  const args = ['ca', 'issue', 'pump-1', '--role', 'sensor', '--role', 'actuator', '--days', '7', '--dir', dir]
  const { status, out } = await ringwall(...args)
  expect(status).toBe(0)
  expect(out).toContain(
    `--cafile ${dir}/root.pem --cert ${dir}/devices/pump-1.pem --key ${dir}/devices/pump-1.key -i pump-1`,
  )
  expect(out).toContain('mosquitto_pub -h gateway.example -p 8883')
  expect(out).toContain('openssl s_client -connect gateway.example:8883')
  expect(readFileSync(join(dir, 'devices/pump-1.key'), 'utf8')).toContain('BEGIN PRIVATE KEY')
  expect(await ringwall(...args)).toMatchObject({ status: 2, err: expect.stringContaining('error ca_file_exists') })
  expect(await ringwall('ca', 'issue', 'x', '--days', '1e3', '--dir', dir)).toMatchObject({
    status: 2,
    err: expect.stringContaining('--days'),
  })
  expect(await ringwall('ca', 'issue', 'x', '--dir', folder)).toMatchObject({
    status: 2,
    err: expect.stringContaining('ca_missing'),
  })
  expect(await ringwall('ca', 'issue', '../x', '--json', '--dir', dir)).toMatchObject({
    status: 2,
    out: expect.stringContaining('ca_device'),
  })
  expect(await ringwall('ca', 'issue')).toMatchObject({ status: 2 })
  expect(await ringwall('ca')).toMatchObject({ status: 2 })
})

test('rules are judged with the configuration that names them', async () => {
  writeFileSync(join(folder, 'wrong.rules'), 'alert mqtt any any -> any any (mqtt.publish.topik; sid:1;)\n')
  writeFileSync(
    join(folder, 'home.rules'),
    'alert mqtt $PLANT any -> any any (mqtt.qos:0; flow:not_established; sid:1;)\n',
  )
  const wrong = await ringwall('check', file('rules.yaml', 'rules: { files: [wrong.rules] }\n'), '--no-connect')
  expect(wrong.status).toBe(2)
  expect(wrong.out).toContain('error rule_keyword_unknown')
  expect(wrong.out).toContain(`where  ${join(folder, 'wrong.rules')}:1:32`)
  const unset = await ringwall('check', file('rules.yaml', 'rules: { files: [home.rules] }\n'), '--no-connect')
  expect(unset.out).toContain('error rule_variable')
  const text = 'rules: { files: [home.rules], vars: { PLANT: "10.0.0.0/8" } }\n'
  const never = await ringwall('check', file('rules.yaml', text), '--no-connect')
  expect(never.status).toBe(1)
  expect(never.out).toContain('warning rule_never_fires')
})

test('profiles are judged with the configuration that names them', async () => {
  writeFileSync(join(folder, 'wrong.td.json'), JSON.stringify({ title: 'Level' }))
  const { status, out } = await ringwall(
    'check',
    '--json',
    file('profiles.yaml', 'profiles: { files: [wrong.td.json] }\n'),
  )
  const { errors } = JSON.parse(out) as { errors: { code: string; place: { file: string; field: string } }[] }
  expect(status).toBe(2)
  expect(errors[0]).toMatchObject({
    code: 'profile_missing',
    place: { file: join(folder, 'wrong.td.json'), field: '/@context' },
  })
})

test('who is no recipient of age is told before the start', async () => {
  const { status, out } = await ringwall('check', file('record.yaml', 'record: { to: [age1bogus] }\n'))
  expect([status, out]).toEqual([2, expect.stringContaining('error recording_recipient')])
})
